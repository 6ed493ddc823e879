"""Pieces for the tests of damage, in several languages."""

from __future__ import annotations

from judgemark.records import Sample

ENGLISH = (
    "Ann was late. She took the long road to the mill, and it had no lamps. Bob had said so.\n\n"
    '"Who is there?" said Bob. Nobody spoke. He did not move. The gate was open.\n\n'
    '"I lost my key," said Ann. She held the bag behind her back. Then Bob saw it and laughed.\n\n'
    '"You could have knocked," he said. "It is late enough."\n\n'
    '"I could not find the door," she said.\n\n'
    "They went in. Supper was cold, and the old dog lay before the fire. Bob knew all of it.\n\n"
    "In the morning the gate was gone. He put up a new one, and it never shut for Ann or Bob."
)
OTHER = (
    "A ship lay off the point. Its bell rang all night, and no one aboard knew who rang it.\n\n"
    '"Cut the rope," said Carl. "It is the wind," said the mate. They looked at the sea.\n\n'
    "The captain wrote it down in his book. He never read it to the crew. It rained for a week.\n\n"
    "At last they came to a town with a bell of its own. Carl walked up to the tower.\n\n"
    "There was no rope in the tower. He stood there until dark. Then he heard the ship, far off."
)
GERMAN = (
    "Der Mann kam am 3. Mai in die Stadt. Er hatte den Koffer verloren. Die Straße war leer.\n\n"
    "„Wer ist da?“, fragte Anna. Niemand gab eine Antwort. Das Licht im Haus ging aus.\n\n"
    "„Ich habe den Schlüssel nicht“, sagte Paul. Anna lachte. Paul setzte sich auf die Treppe.\n\n"
    "Am Morgen stand die Tür offen. Der Hund lag vor dem Feuer. Die Suppe war noch kalt."
)
JAPANESE = (
    "男は町に来た。鞄をなくしていた。通りには誰もいなかった。\n\n"
    "「誰だ。」と女が聞いた。返事はなかった。家の明かりが消えた。\n\n"
    "「鍵がない。」と男は言った。女は笑った。男は階段に座った。\n\n"
    "朝になると戸が開いていた。犬は火の前で寝ていた。"
)
ARABIC = (
    "جاء الرجل إلى المدينة في الليل. كان قد أضاع حقيبته. هل كان الشارع فارغا؟\n\n"
    "«من هناك؟» سألت المرأة وهي تقف عند الباب. لم يجب أحد. انطفأ ضوء البيت كله.\n\n"
    "«ليس معي مفتاح» قال الرجل بصوت خافت. ضحكت المرأة من كلامه. جلس الرجل على الدرج."
)
LANGUAGES = {"german": GERMAN, "japanese": JAPANESE, "arabic": ARABIC}


def piece(text: str, item: str = "mill", writer: str = "w", iteration: str = "1") -> Sample:
    return Sample(writer, iteration, item, text)


def english_set() -> list[Sample]:
    """Two pieces by one writer, on two items."""
    return [piece(ENGLISH), piece(OTHER, "ship")]
