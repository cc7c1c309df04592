//! What is said about signing in: the rules for passwords, who needs a second factor, which proxies are believed.

use std::net::{IpAddr, Ipv6Addr};

/// The rules for passwords, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProfile {
    /// As the assessors of 等级保护 ask.
    Dengbao,
    /// As OWASP ASVS asks.
    Asvs,
}

impl PasswordProfile {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "dengbao" => Some(Self::Dengbao),
            "asvs" => Some(Self::Asvs),
            _ => None,
        }
    }
}

/// Who has to use one-time passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpFor {
    /// Whoever wants to.
    Nobody,
    /// SYSTEM_ADMIN, SECURITY_ADMIN and AUDIT_ADMIN.
    Administrators,
    /// They and OFFICE.
    AdministratorsAndOffice,
}

impl TotpFor {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::Nobody),
            "administrators" => Some(Self::Administrators),
            "administrators-and-office" => Some(Self::AdministratorsAndOffice),
            _ => None,
        }
    }
}

/// An address, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

impl Network {
    fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let first: IpAddr = address.trim().parse().ok()?;
        let whole = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().ok().filter(|bits| *bits <= whole)?,
            None => whole,
        };
        Some(Self { first, bits })
    }

    /// Whether the address belongs to it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let apart = match (self.first, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
            (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
            _ => return false,
        };
        apart >= self.bits
    }
}

/// Whose address it is, as far as can be told: one who has an IPv6 address has 2⁶⁴ of them.
pub fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
        four => four,
    }
}

/// Networks with commas between them.
pub(super) fn networks(text: &str) -> Option<Vec<Network>> {
    if text == "none" {
        return Some(Vec::new());
    }
    text.split(',').map(Network::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_what_begins_alike() {
        let all = networks("10.0.0.1, 192.168.0.0/16,fd00::/8").unwrap();
        let holds = |address: &str| all.iter().any(|network| network.holds(address.parse().unwrap()));
        for good in ["10.0.0.1", "192.168.255.3", "::ffff:192.168.1.1", "fdff::1"] {
            assert!(holds(good), "{good}");
        }
        for other in ["10.0.0.2", "192.169.0.1", "fe00::1", "::1"] {
            assert!(!holds(other), "{other}");
        }
        assert!(networks("0.0.0.0/0").unwrap()[0].holds("8.8.8.8".parse().unwrap()));
        assert_eq!(networks("none"), Some(Vec::new()));
        for bad in ["", "10.0.0.1,", "10.0.0.0/33", "::/129", "proxy.example", "10.0.0.0/-1"] {
            assert_eq!(networks(bad), None, "{bad}");
        }
    }
}
