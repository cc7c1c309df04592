use proptest::prelude::*;
use taizhang::documents::chart::ticks;

proptest! {
    #[test]
    fn marks_are_nice_whole_numbers_that_cover_everything(max in prop_oneof![0_u64..50, 0_u64..10_000, 0..=u64::from(u32::MAX) * 8], at_most in 2_usize..15) {
        let marks = ticks(max, at_most);
        let last = *marks.last().unwrap();
        prop_assert_eq!(marks[0], 0);
        prop_assert!(last >= max);
        prop_assert!(marks.len() >= 2 && marks.len() <= at_most, "{:?}", marks);
        let step = marks[1];
        prop_assert!(marks.windows(2).all(|pair| pair[1] - pair[0] == step), "{:?}", marks);
        prop_assert!(last - step < max.max(1), "a mark too many: {:?}", marks);
        let mut leading = step;
        while leading.is_multiple_of(10) {
            leading /= 10;
        }
        prop_assert!([1, 2, 5].contains(&leading), "{step}");
    }
}

#[test]
fn few_tasks_have_no_halves() {
    assert_eq!(ticks(0, 8), [0, 1]);
    assert_eq!(ticks(1, 8), [0, 1]);
    assert_eq!(ticks(3, 8), [0, 1, 2, 3]);
    assert_eq!(ticks(8, 8), [0, 2, 4, 6, 8]);
    assert_eq!(ticks(37, 8), [0, 10, 20, 30, 40]);
    assert_eq!(ticks(u64::MAX, 8).first(), Some(&0));
}
