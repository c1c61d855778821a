//! Why the system closes an obligation, in words and as data.

use crate::enumeration::enumeration;
use crate::refusal::Locale;
use crate::reorganization::SuccessionKind;

enumeration! {
    /// Why the system transfers or releases an obligation.
    pub enum Cause {
        /// Transferred: its unit was merged into another (S1).
        Merged,
        /// Transferred: its unit was split up (S2).
        SplitUp,
        /// Transferred: its unit ended and left an heir (S3).
        Inherited,
        /// Transferred or released: a person decided so, and gave a reason (S4).
        Decided,
        /// Released: its unit left the issuer's subtree (B6).
        Left,
        /// Released: its unit ended without an heir (S3).
        NoHeir,
        /// Released: all successors of its unit stand outside the issuer's subtree (S1).
        HeirOutside,
        /// Released: what the successors have of their own for that requirement and period is closed (S1).
        HeirClosed,
        /// Released: only a batch that was annulled had created it (O5).
        Annulled,
        /// Released: another directive took the place of its own (D6).
        Replaced,
        /// Released: another directive repealed its own (D6).
        Repealed,
    }
}

impl Cause {
    /// Whether the unit takes the obligation up again when it comes back into the issuer's subtree (B4).
    pub fn ends_when_back(self) -> bool {
        matches!(self, Self::Left | Self::NoHeir)
    }

    /// What is told where no person gave a reason.
    pub fn words(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Merged => ("đơn vị đã sáp nhập; đơn vị mới kế tục nhiệm vụ", "its unit was merged, and what it became took over"),
            Self::SplitUp => ("đơn vị đã chia, tách; các phần kế tục nhiệm vụ", "its unit was split up, and the parts took over"),
            Self::Inherited => ("đơn vị đã kết thúc hoạt động; đơn vị kế tục nhận nhiệm vụ", "its unit ended, and its heir took over"),
            Self::Decided => ("theo quyết định khi sắp xếp tổ chức", "decided in the reorganization"),
            Self::Left => ("đơn vị không còn thuộc nơi ban hành", "its unit left the issuer's subtree"),
            Self::NoHeir => ("đơn vị đã kết thúc hoạt động, không có đơn vị kế tục", "its unit ended without an heir"),
            Self::HeirOutside => ("đơn vị kế tục không thuộc nơi ban hành", "the successor stands outside the issuer's subtree"),
            Self::HeirClosed => {
                ("nhiệm vụ cùng yêu cầu của đơn vị kế tục đã đóng", "the successor's own obligation on the same requirement is closed")
            }
            Self::Replaced => ("văn bản đã được thay thế", "its directive was replaced"),
            Self::Repealed => ("văn bản đã bị bãi bỏ", "its directive was repealed"),
            Self::Annulled => ("đợt sắp xếp tổ chức đã giao nhiệm vụ này bị huỷ", "the reorganization that created it was annulled"),
        };
        locale.pick(vi, en)
    }

    /// What is told: a person's reason where there is one. Where a directive was ended by another, `reason` names that one.
    pub fn told(self, reason: Option<&str>, locale: Locale) -> String {
        match (self, reason) {
            (Self::Replaced | Self::Repealed, Some(by)) => format!("{}: {by}", self.words(locale)),
            (_, Some(reason)) => reason.to_owned(),
            (_, None) => self.words(locale).to_owned(),
        }
    }
}

impl From<SuccessionKind> for Cause {
    fn from(kind: SuccessionKind) -> Self {
        match kind {
            SuccessionKind::Merge => Self::Merged,
            SuccessionKind::Split => Self::SplitUp,
            SuccessionKind::Heir => Self::Inherited,
        }
    }
}
