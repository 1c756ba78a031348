print("moi")
