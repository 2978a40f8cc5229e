//! Numbers for people.

/// With commas between thousands: `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A count with its noun: `1 message`, `1,200 messages`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A size in at most 7 characters, decimal units: `999 B`, `1.2 MB`, `300 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be shown as 1000.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

/// A share in whole percent: `<1 %`, `22 %`, `>99 %`; only none is 0 and only all is 100.
pub fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".to_owned();
    }
    match (part as f64 * 100.0 / whole as f64).round() as u64 {
        0 => "<1 %".to_owned(),
        100 if part < whole => ">99 %".to_owned(),
        share => format!("{share} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, percent, size, thousands};

    #[test]
    fn numbers_are_grouped() {
        let shown = [0, 7, 999, 1000, 59_382, 1_234_567].map(thousands);
        assert_eq!(shown, ["0", "7", "999", "1,000", "59,382", "1,234,567"]);
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(counted(1, "message", "messages"), "1 message");
        assert_eq!(counted(1200, "message", "messages"), "1,200 messages");
    }

    #[test]
    fn sizes_are_short() {
        let shown = [0, 999, 1000, 9_949, 10_000, 999_499, 999_600, 5_200_000_000].map(size);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB", "5.2 GB"]);
    }

    #[test]
    fn percent_is_honest_at_the_ends() {
        assert_eq!(percent(0, 10), "0 %");
        assert_eq!(percent(1, 1000), "<1 %");
        assert_eq!(percent(999, 1000), ">99 %");
        assert_eq!(percent(10, 10), "100 %");
        assert_eq!(percent(1, 3), "33 %");
        assert_eq!(percent(0, 0), "0 %");
    }
}
