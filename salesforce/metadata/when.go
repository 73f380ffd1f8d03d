package metadata

import "strings"

// words says in words when the flow runs.
func (m flowMoment) words() string {
	when := m.occasion()
	if m.scheduled {
		when += ", with paths that run later"
	}
	return when
}

func (m flowMoment) occasion() string {
	switch m.processType {
	case "Workflow":
		switch m.builderTrigger {
		case "onCreateOnly":
			return "Process Builder, on create"
		case "onAllChanges":
			return "Process Builder, on create and update"
		}
		return "Process Builder"
	case "InvocableProcess":
		return "Process Builder, called by another process"
	case "CustomEvent":
		return "Process Builder, on a platform event"
	}
	switch m.triggerType {
	case "RecordAfterSave":
		return "record-triggered, after save" + m.changes()
	case "RecordBeforeSave":
		return "record-triggered, before save" + m.changes()
	case "RecordBeforeDelete":
		return "record-triggered, before delete"
	case "Scheduled":
		if m.frequency != "" {
			return "scheduled, " + strings.ToLower(m.frequency)
		}
		return "scheduled"
	case "PlatformEvent":
		if m.object != "" {
			return "on platform event " + m.object
		}
		return "on a platform event"
	case "", "None":
	default:
		return "on " + m.triggerType
	}
	switch m.processType {
	case "AutoLaunchedFlow":
		return "autolaunched"
	case "Flow":
		return "screen flow"
	case "":
		return "flow"
	}
	return m.processType
}

func (m flowMoment) changes() string {
	switch m.recordTriggerType {
	case "Create":
		return ", on create"
	case "Update":
		return ", on update"
	case "CreateAndUpdate":
		return ", on create and update"
	case "Delete":
		return ", on delete"
	}
	return ""
}
