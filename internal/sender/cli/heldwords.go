package cli

import "diaoxiao/internal/sender/outbox"

// stateHeld is the word for a case that waits for consent, in text for people; for programs it is 待发送 with held.
const stateHeld = "待确认"

// stateWord is the state of a case in the outbox for people.
func stateWord(e outbox.Entry) string {
	if e.Held != "" {
		return stateHeld
	}
	return e.State.String()
}

// heldStep is the step that a person takes about cases that wait for consent.
func heldStep(box string) string {
	return "核对提示和存疑之处，有误的改正清单后再次运行；无误的加 --yes 再次运行，或 diaoxiao outbox retry --yes 案件编号" + box +
		"；不再报送的 diaoxiao outbox drop 案件编号" + box
}
