"""What an outlet's entry may be, drafted from what its site shows. Pure: nothing is fetched."""
