package audit

import (
	"strings"

	"diaoxiao/internal/receiver/intake"
)

// allOf stands before the key of a group where an auditor asks for all its actions.
const allOf = "*"

// actionWords is what an auditor chose to ask for.
func actionWords(value string) string {
	if key, all := strings.CutPrefix(value, allOf); all {
		for _, g := range intake.ActionGroups() {
			if g.Key == key {
				return "全部" + g.Title
			}
		}
	}
	return intake.Action(value).Title()
}

// auditActions are the actions that a value of the query means: one, or those of a group.
func auditActions(value string) (actions []intake.Action, err error) {
	for _, g := range intake.ActionGroups() {
		for _, a := range g.Actions {
			if value == string(a.Action) || value == allOf+g.Key {
				actions = append(actions, a.Action)
			}
		}
	}
	if value != "" && actions == nil {
		return nil, intake.ErrNotFound
	}
	return actions, nil
}
