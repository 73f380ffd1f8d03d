package demoorg

import (
	"strings"
	"time"
)

func lower(s string) string { return strings.ToLower(s) }

// fire is a list of actions that send the named messages.
func fire(names ...string) []actionReference {
	var actions []actionReference
	for _, name := range names {
		actions = append(actions, actionReference{Name: name, Type: "OutboundMessage"})
	}
	return actions
}

func northwindRules(o *org) {
	add := func(object string, def workflowRule, created time.Time) *rule {
		r := rule{Entity: o.entityByName[lower(object)], Def: def}
		r.component = o.made("01Q", 2200+len(o.rules)*3, created, created)
		o.rules = append(o.rules, r)
		return &o.rules[len(o.rules)-1]
	}
	add("Account", workflowRule{
		FullName: "Customer approved for credit", Actions: fire("Send_Account_to_ERP"), Active: true,
		CriteriaItems: []filterItem{{"Account.Credit_Status__c", "equals", "Approved"}}, TriggerType: "onCreateOrTriggeringUpdate",
	}, day(2017, 2, 14))
	add("Contact", workflowRule{
		FullName: "Contact changed", Actions: fire("Contact_Changed"), Active: true,
		Formula: ptr(`ISNEW() || ISCHANGED(Email) || ISCHANGED(HasOptedOutOfEmail)`), TriggerType: "onAllChanges",
	}, day(2018, 5, 16))
	add("Lead", workflowRule{
		FullName: "Lead created", Actions: fire("Lead_Created"), Active: true,
		CriteriaItems: []filterItem{{"Lead.Email", "notEqual", ""}}, TriggerType: "onCreateOnly",
	}, day(2018, 6, 1)).OnlyOrg = true
	add("Order", workflowRule{
		FullName: "Order activated", Actions: fire("Order_Activated"), Active: true,
		CriteriaItems: []filterItem{{"Order.Status", "equals", "Activated"}}, TriggerType: "onCreateOrTriggeringUpdate",
	}, day(2019, 9, 2))
	add("Order", workflowRule{
		FullName: "Export order (until 2019)", Actions: fire("Legacy_Order_Export"), Active: false,
		Description:   ptr("Replaced by Order activated."),
		CriteriaItems: []filterItem{{"Order.Status", "equals", "Activated"}}, TriggerType: "onCreateOnly",
	}, day(2015, 7, 3))
	add("Invoice__c", workflowRule{
		FullName: "Invoice issued", Actions: fire("Invoice_Issued"), Active: true,
		CriteriaItems: []filterItem{{"Invoice__c.Status__c", "equals", "Issued"}}, TriggerType: "onCreateOrTriggeringUpdate",
		TimeTriggers: []timeTrigger{{Actions: fire("Invoice_Overdue"), OffsetFromField: "Invoice__c.Due_Date__c", TimeLength: "14", Unit: "Days"}},
	}, day(2020, 3, 9))
	add("swft__Parcel__c", workflowRule{
		FullName: "Parcel delivered", Actions: fire("Parcel_Delivered"), Active: true,
		CriteriaItems: []filterItem{{"swft__Parcel__c.swft__Status__c", "equals", "Delivered"}}, TriggerType: "onCreateOrTriggeringUpdate",
	}, day(2022, 8, 18))
	add("Case", workflowRule{
		FullName: "swft__Return approved", Actions: fire("swft__Return_Label"), Active: true,
		CriteriaItems: []filterItem{{"Case.swft__Return_Approved__c", "equals", "True"}}, TriggerType: "onCreateOrTriggeringUpdate",
	}, day(2021, 2, 11)).Namespace = "swft"
	add("Asset", workflowRule{
		FullName: "Asset registered", Actions: fire("Asset_Registered"), Active: true,
		CriteriaItems: []filterItem{{"Asset.Status", "equals", "Registered"}}, TriggerType: "onCreateOnly",
	}, day(2018, 9, 13)).OnlyBackup = true
}

func northwindFlows(o *org) {
	add := func(name string, number int, def flow, created, modified time.Time) *flowVersion {
		n := len(o.flows)
		f := flowVersion{DefinitionID: newID("300", 700+n), Number: number, Name: name, Def: def}
		f.component = o.made("301", 9000+n*11, created, modified)
		o.flows = append(o.flows, f)
		return &o.flows[n]
	}
	add("Shipment_Dispatched_Book_Carrier", 4,
		recordTriggered("Shipment dispatched: book carrier", "Shipment__c", "Update", "Book_carrier", "Shipment__c.Shipment_Dispatched", true),
		day(2022, 8, 18), day(2025, 4, 2))
	add("Opportunity_Won_Create_Order", 2,
		processBuilder("Opportunity won: create order", "Opportunity", "StageName", "Closed Won", "Opportunity.Opportunity_Won", true),
		day(2019, 5, 27), day(2023, 10, 3))
	add("Contact_Sync_Backfill", 1,
		recordTriggered("Contact sync (paused)", "Contact", "CreateAndUpdate", "Sync_contact", "Contact.Contact_Changed", false),
		day(2023, 4, 5), day(2023, 4, 5))
	renewal := add("Renewal_Due_Notice", 1,
		recordTriggered("Renewal due: ask for a quote", "Opportunity", "Create", "Ask_for_quote", "Opportunity.Renewal_Due", true),
		day(2026, 5, 12), day(2026, 5, 12))
	renewal.OnlyOrg, renewal.Late = true, true
	add("Quote_Expiring_Reminder", 3,
		recordTriggered("Quote expires: remind the hub", "Quote", "CreateAndUpdate", "Remind_hub", "Quote.Quote_Expiring", false),
		day(2020, 11, 9), day(2024, 6, 18))
}

func northwindApprovals(o *org) {
	a := approval{Entity: o.entityByName["quote"], Name: "Discount_Approval", Def: approvalProcess{
		Active: true, AllowRecall: true, Submitters: []approver{{Type: "owner"}},
		FinalApprovalActions:  &approvalAction{fire("Quote_Approved")},
		FinalRejectionActions: &approvalAction{fire("Quote_Rejected")},
		Label:                 "Discount approval", RecordEditability: "AdminOnly", ShowApprovalHistory: true,
	}}
	step := approvalStep{AllowDelegate: true, Label: "Sales lead", Name: "Sales_lead"}
	step.Approver.Approvers = []approver{{Name: "Manager", Type: "userHierarchyField"}}
	a.Def.Steps = []approvalStep{step}
	a.component = o.made("04a", 310, day(2020, 11, 5), day(2024, 3, 7))
	o.approvals = append(o.approvals, a)
}

func northwindEntitlements(o *org) {
	e := entitlement{Name: "premium support", Def: entitlementProcess{
		SObjectType: "Case", Active: true, Description: "First answer within four hours.",
		EntryStartDateField: "Case.CreatedDate", Name: "Premium Support",
		Milestones: []milestone{{
			MilestoneName: "First answer", MinutesToComplete: 240,
			TimeTriggers: []milestoneTrigger{{Actions: fire("Case_Milestone_Missed"), TimeLength: 0, Unit: "Minutes"}},
		}},
	}}
	e.component = o.made("552", 55, day(2021, 6, 3), day(2024, 11, 12))
	o.milestones = append(o.milestones, e)
}

func ptr[T any](v T) *T { return &v }
