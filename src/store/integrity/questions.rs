//! The questions whose answer must be empty: a table, each with the rule that it holds the rows to.

/// A statement that finds rows which break a rule.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Names the finding for ever.
    pub code: &'static str,
    /// What is wrong with the rows that are found.
    pub words: &'static str,
    /// The table that the ids are of.
    pub table: &'static str,
    /// Selects their `id`.
    pub sql: &'static str,
}

macro_rules! open {
    () => {
        "('PENDING', 'ACKNOWLEDGED', 'IN_PROGRESS', 'REPORTED', 'RETURNED')"
    };
}

/// All questions. A statement each, whatever the tables hold.
pub const QUESTIONS: &[Question] = &[
    Question {
        code: "UNIT_WITHOUT_REVISION",
        words: "the unit has no name, kind and place on any day (O2)",
        table: "org_unit",
        sql: "SELECT u.id FROM org_unit u WHERE NOT EXISTS (SELECT 1 FROM org_unit_revision r WHERE r.unit_id = u.id)",
    },
    Question {
        code: "REORGANIZATION_UNTOLD",
        words: "no journal entry of its instant is about the reorganization (J1)",
        table: "reorganization",
        sql: "SELECT r.id FROM reorganization r \
              WHERE NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.subject_id = r.id AND j.at = r.recorded_at)",
    },
    Question {
        code: "PLAN_OVERDUE",
        words: "it is planned for a day up to which the calendar has been done, and will never take effect (S6)",
        table: "reorganization",
        sql: "SELECT r.id FROM reorganization r JOIN journal_head h ON h.calendar_on >= r.effective_on WHERE r.status = 'PLANNED'",
    },
    Question {
        code: "DIRECTIVE_DATES",
        words: "the directive's dates do not go with its status (D1, B3, D6)",
        table: "directive",
        sql: "SELECT d.id FROM directive d \
              WHERE (d.status IN ('ISSUED', 'CONCLUDED', 'REPLACED', 'REPEALED')) \
                    <> (d.issued_on IS NOT NULL AND d.bound_on IS NOT NULL) \
                 OR (d.status IN ('CONCLUDED', 'REPLACED', 'REPEALED') AND d.ended_on IS NULL) \
                 OR (d.status = 'ISSUED' AND d.ended_on IS NOT NULL)",
    },
    Question {
        code: "ENDED_BY_NOTHING",
        words: "no issued directive replaces or repeals it, and its status says so; or one does, and it is in force (D2, D6)",
        table: "directive",
        sql: "SELECT d.id FROM directive d LEFT JOIN \
              (SELECT DISTINCT r.to_id, r.kind FROM directive_relation r JOIN directive f ON f.id = r.from_id \
               WHERE r.kind IN ('REPLACES', 'REPEALS') AND f.status IN ('ISSUED', 'CONCLUDED', 'REPLACED', 'REPEALED')) e ON e.to_id = d.id \
              WHERE (d.status = 'REPLACED') <> COALESCE(e.kind = 'REPLACES', FALSE) \
                 OR (d.status = 'REPEALED') <> COALESCE(e.kind = 'REPEALS', FALSE)",
    },
    Question {
        code: "OBLIGATION_TWICE",
        words: "the unit has the same requirement twice in one period (B3)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o JOIN \
              (SELECT requirement_id, unit_id, period FROM obligation GROUP BY requirement_id, unit_id, period HAVING COUNT(*) > 1) k \
              ON k.requirement_id = o.requirement_id AND k.unit_id = o.unit_id AND k.period = o.period",
    },
    Question {
        code: "OBLIGATION_OF_ANOTHER_PERIOD",
        words: "its period is not the one that its requirement names, or one that has opened by the day on which it was bound (B7)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o JOIN requirement r ON r.id = o.requirement_id \
              LEFT JOIN requirement_period p ON p.requirement_id = r.id AND p.period = o.period \
              WHERE (r.recurrence = 'NONE' AND o.period <> COALESCE(r.period, '')) \
                 OR (r.recurrence <> 'NONE' AND (p.period IS NULL OR p.opened_on > o.bound_on))",
    },
    Question {
        code: "OBLIGATION_OF_ANOTHER_DIRECTIVE",
        words: "the obligation and its requirement name different directives (B3)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o JOIN requirement r ON r.id = o.requirement_id WHERE r.directive_id <> o.directive_id",
    },
    Question {
        code: "OBLIGATION_NOT_IN_FORCE",
        words: "the directive was never issued, or has ended and left the obligation open (B3, D6)",
        table: "obligation",
        sql: concat!(
            "SELECT o.id FROM obligation o JOIN directive d ON d.id = o.directive_id \
             WHERE d.status IN ('DRAFT', 'CONSULTING', 'WITHDRAWN') OR (d.status <> 'ISSUED' AND o.state IN ",
            open!(),
            ")"
        ),
    },
    Question {
        code: "OBLIGATION_WITHOUT_REASON",
        words: "nothing says why the unit is bound (B5)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o WHERE NOT EXISTS (SELECT 1 FROM obligation_reason r WHERE r.obligation_id = o.id)",
    },
    Question {
        code: "OBLIGATION_DATES",
        words: "the days of its report, its fulfilment or its closing do not go with its state (L1)",
        table: "obligation",
        sql: concat!(
            "SELECT o.id FROM obligation o WHERE (o.state IN ",
            open!(),
            ") <> (o.closed_on IS NULL) OR (o.state = 'FULFILLED') <> (o.fulfilled_on IS NOT NULL) \
             OR (o.state IN ('REPORTED', 'FULFILLED') AND o.reported_on IS NULL)"
        ),
    },
    Question {
        code: "STEPS_WITH_GAPS",
        words: "its steps do not count from 1 to its version (C7)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o LEFT JOIN \
              (SELECT obligation_id, COUNT(*) AS steps, MIN(version) AS first, MAX(version) AS last \
               FROM obligation_step GROUP BY obligation_id) s ON s.obligation_id = o.id \
              WHERE s.steps IS NULL OR s.first <> 1 OR s.last <> s.steps OR s.last <> o.version",
    },
    Question {
        code: "NOT_AS_THE_LAST_STEP",
        words: "state, dates or instant differ from its last step (C7)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o JOIN obligation_step s ON s.obligation_id = o.id AND s.version = o.version \
              WHERE o.state <> s.state OR o.due_on IS DISTINCT FROM s.due_on OR o.reported_on IS DISTINCT FROM s.reported_on \
                 OR o.updated_at <> s.at",
    },
    Question {
        code: "DUE_DATE_EARLIER",
        words: "a step made its due date earlier (L4)",
        table: "obligation",
        sql: "SELECT DISTINCT s.obligation_id AS id FROM obligation_step s \
              JOIN obligation_step p ON p.obligation_id = s.obligation_id AND p.version = s.version - 1 \
              WHERE s.due_on < p.due_on OR (p.due_on IS NULL AND s.due_on IS NOT NULL)",
    },
    Question {
        code: "STEPS_BACK_IN_TIME",
        words: "a step was recorded on an earlier day than the one before (C7)",
        table: "obligation",
        sql: "SELECT DISTINCT s.obligation_id AS id FROM obligation_step s \
              JOIN obligation_step p ON p.obligation_id = s.obligation_id AND p.version = s.version - 1 \
              WHERE s.recorded_on < p.recorded_on",
    },
    Question {
        code: "STEP_UNTOLD",
        words: "no journal entry of its instant is about the obligation that a step was taken on (L8)",
        table: "obligation",
        sql: "SELECT DISTINCT s.obligation_id AS id FROM obligation_step s \
              WHERE s.step IN ('ACKNOWLEDGE', 'START', 'REPORT', 'ACCEPT', 'RETURN', 'EXEMPT', 'REOPEN', \
                             'RELEASE', 'TRANSFER', 'LAPSE', 'RESUME', 'BIND_AGAIN', 'ANNUL', 'LINK', 'KEEP') \
                AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.subject_id = s.obligation_id AND j.at = s.at)",
    },
    Question {
        code: "TRANSFERRED_TO_NOBODY",
        words: "no obligation follows the one that was transferred (S1)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o WHERE o.state = 'TRANSFERRED' \
                AND NOT EXISTS (SELECT 1 FROM obligation_reason r WHERE r.predecessor_id = o.id AND r.ended_by_id IS NULL)",
    },
    Question {
        code: "CLOSED_WITHOUT_CAUSE",
        words: "nothing says why it was released or transferred, or something says so and it was not (B6, S1)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o \
              WHERE (o.state = 'TRANSFERRED' AND o.closing_cause IS NULL) \
                 OR (o.state = 'RELEASED' AND o.closing_cause IS NULL AND o.closing_reason IS NULL) \
                 OR (o.state NOT IN ('TRANSFERRED', 'RELEASED') AND o.closing_cause IS NOT NULL)",
    },
    Question {
        code: "STEP_OF_NO_BATCH",
        words: "a step that only a reorganization takes names none (S6)",
        table: "obligation",
        sql: "SELECT DISTINCT s.obligation_id AS id FROM obligation_step s WHERE s.reorganization_id IS NULL \
                AND (s.step IN ('TRANSFER', 'BIND_AGAIN', 'ANNUL', 'LINK', 'KEEP') OR (s.step = 'BIND' AND s.state <> 'PENDING'))",
    },
    Question {
        code: "SUCCESSION_OF_ANOTHER_REQUIREMENT",
        words: "it follows an obligation on another requirement or of another period (S1)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation_reason r JOIN obligation o ON o.id = r.obligation_id JOIN obligation p ON p.id = r.predecessor_id \
              WHERE p.requirement_id <> o.requirement_id OR p.period <> o.period",
    },
    Question {
        code: "REPORT_WAITING",
        words: "a report waits where none should, or not exactly one does where one should (L1)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o LEFT JOIN \
              (SELECT obligation_id, COUNT(*) AS waiting FROM report_obligation WHERE standing = 'WAITING' GROUP BY obligation_id) w \
              ON w.obligation_id = o.id \
              WHERE COALESCE(w.waiting, 0) <> CASE WHEN o.state = 'REPORTED' THEN 1 ELSE 0 END",
    },
    Question {
        code: "READING_BELOW_ZERO",
        words: "a report on it tells a count below 0 (C9)",
        table: "obligation",
        sql: "SELECT DISTINCT o.id FROM report_obligation s JOIN obligation o ON o.id = s.obligation_id \
              JOIN indicator i ON i.requirement_id = o.requirement_id AND NOT i.may_be_negative \
              JOIN reading f ON f.report_id = s.report_id AND f.indicator_key = i.key WHERE f.value LIKE '-%'",
    },
    Question {
        code: "FULFILLED_WITHOUT_REPORT",
        words: "no accepted report stands behind the fulfilment (L1)",
        table: "obligation",
        sql: "SELECT o.id FROM obligation o WHERE o.state = 'FULFILLED' AND NOT EXISTS \
              (SELECT 1 FROM report_obligation r WHERE r.obligation_id = o.id AND r.standing = 'ACCEPTED')",
    },
    Question {
        code: "REPORT_OF_ANOTHER_UNIT",
        words: "the report serves no obligation, or one of another unit (L7)",
        table: "report",
        sql: "SELECT DISTINCT r.id FROM report r LEFT JOIN report_obligation s ON s.report_id = r.id \
              LEFT JOIN obligation o ON o.id = s.obligation_id WHERE o.id IS NULL OR o.unit_id <> r.unit_id",
    },
];
