//! The looks of a series: a colour that stays apart for colour-blind eyes, and a hatch that survives a black-and-white copy.

/// What a series means, and so how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Done, accepted.
    Done,
    /// Nearly done.
    Nearly,
    /// On its way, waiting.
    Partly,
    /// Not begun, sent back.
    Behind,
    /// Nothing new to tell.
    Quiet,
    /// Does not apply.
    Aside,
    /// Nothing was handed in.
    Open,
    /// What the others are measured against.
    Base,
}

/// How a surface is hatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hatch {
    /// From the lower left to the upper right.
    Rising,
    /// From the upper left to the lower right.
    Falling,
    /// Dots.
    Dots,
}

/// The shape of a point on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A disc.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

impl Tone {
    /// Every tone, in the order in which series without a meaning of their own take them.
    pub const ALL: &'static [Self] =
        &[Self::Done, Self::Partly, Self::Nearly, Self::Behind, Self::Quiet, Self::Base, Self::Open, Self::Aside];

    /// The colour of the surface.
    pub(super) const fn fill(self) -> &'static str {
        match self {
            Self::Done => "#1F4E8C",
            Self::Nearly => "#6FA3D8",
            Self::Partly => "#F0C04A",
            Self::Behind => "#D9643A",
            Self::Quiet => "#C9CED6",
            Self::Aside => "#EEF0F3",
            Self::Open => "#FFFFFF",
            Self::Base => "#8A94A3",
        }
    }

    /// The colour of the edge and of the hatch.
    pub(super) const fn edge(self) -> &'static str {
        match self {
            Self::Done => "#163A69",
            Self::Nearly => "#3F75AE",
            Self::Partly => "#A87A00",
            Self::Behind => "#9C3A14",
            Self::Quiet => "#7F8894",
            Self::Aside => "#A5ADB8",
            Self::Open => "#5F6875",
            Self::Base => "#5A6573",
        }
    }

    /// The colour of a number on the surface.
    pub(super) const fn ink(self) -> &'static str {
        match self {
            Self::Done => "#FFFFFF",
            _ => "#1A1A1A",
        }
    }

    /// The hatch, if the surface has one.
    pub(super) const fn hatch(self) -> Option<Hatch> {
        match self {
            Self::Partly => Some(Hatch::Dots),
            Self::Behind => Some(Hatch::Rising),
            Self::Open => Some(Hatch::Falling),
            _ => None,
        }
    }

    /// The dashes of a line, if it is not drawn through.
    pub(super) const fn dashes(self) -> Option<&'static str> {
        match self {
            Self::Base => Some("6 4"),
            Self::Open | Self::Quiet | Self::Aside => Some("2 3"),
            _ => None,
        }
    }

    /// The shape of the points of a line.
    pub(super) const fn mark(self) -> Mark {
        match self {
            Self::Done | Self::Quiet => Mark::Circle,
            Self::Base | Self::Aside => Mark::Square,
            Self::Nearly | Self::Open => Mark::Diamond,
            Self::Partly | Self::Behind => Mark::Triangle,
        }
    }

    /// The short name in a file.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Nearly => "nearly",
            Self::Partly => "partly",
            Self::Behind => "behind",
            Self::Quiet => "quiet",
            Self::Aside => "aside",
            Self::Open => "open",
            Self::Base => "base",
        }
    }
}
