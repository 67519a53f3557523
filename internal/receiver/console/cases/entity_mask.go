package cases

import "diaoxiao/internal/rules"

// hiddenWords say why a value is not whole.
const hiddenWords = "疑似身份证号，已遮盖"

// hides reports whether a personal ID number in what was sent is masked in what is shown.
func hides(sent, shown string) bool { return sent != shown && rules.MaskPersonIDs(sent) == shown }
