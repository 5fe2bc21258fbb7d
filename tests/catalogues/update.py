"""Write the English catalogue anew; translations stay with their sentences."""

from tests.catalogues import catalogue

if __name__ == "__main__":
    new = catalogue.updated(catalogue.read())
    catalogue.ENGLISH.write_bytes(catalogue.written(new))
    print(f"{len(new)} 条，其中 {sum(not message.string for message in new if message.id)} 条还没有英文。")
