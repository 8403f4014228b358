"""What is counted or timed, as it stands behind a number in a refusal."""

TEXTS = {
    "keys": "keys",
    "keys_and_texts": "keys and texts",
    "lists": "lists",
    "values": "values",
    "objects": "objects",
    "epochs": "epochs",
    "steps": "steps in all",
    "parameters": "parameters",
    "multiplications_to_judge": "multiplications for the pictures that it is judged by",
    "multiplications_of_a_step": "multiplications in one step",
    "memory_of_a_picture": "MB of memory for one picture",
    "memory_of_a_run": "MB of memory for a run and its data",
    "to_draw": "to draw the pictures that it is judged by",
    "to_judge": "for the pictures that it is judged by",
    "for_a_picture": "for one picture",
    "for_a_step": "in one step",
}
