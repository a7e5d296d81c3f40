"""`make words`: bring every catalogue up to date with the code, compile it, and say what it lacks."""

from words.catalogues import FOLDERS, compile_all, extract, read, untranslated, update

texts = extract()
for folder in FOLDERS:
    update(folder, texts)
    compile_all(folder)
    for text in untranslated(read(folder)):
        print(f"{folder.parent.name} lacks: {text}")
