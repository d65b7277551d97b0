package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IncidentsTest {
  private static final List<AnomalyKind> KINDS =
      List.of(AnomalyKind.SPIKE, AnomalyKind.SHIFT, AnomalyKind.DRIFT);
  private static final LocalDateTime FIRST = LocalDateTime.of(2026, 3, 1, 0, 0);

  private final List<IncidentNotice> notices = new ArrayList<>();
  private Incidents incidents = Incidents.none(BucketSize.DAY);

  @Test
  void spike_ofTwoDays_givesOneAlertAndOneResolve() {
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    closed(1, Direction.UP, AnomalyKind.SPIKE);
    usual(2);
    usual(3);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE");
  }

  @Test
  void shift_firstTakenForASpike_isOneIncident() {
    closed(0, Direction.DOWN, AnomalyKind.SPIKE);
    closed(1, Direction.DOWN, AnomalyKind.SPIKE);
    closed(2, Direction.DOWN, AnomalyKind.SHIFT);
    usual(3);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE");
    assertThat(notices.get(1).incident().kind()).isEqualTo(AnomalyKind.SHIFT);
    assertThat(notices.get(1).incident().onset()).isEqualTo(FIRST);
  }

  @Test
  void openBucket_thatClosesAsUsual_alertsNobody() {
    open(0, Optional.of(anomaly(0, Direction.UP, AnomalyKind.SPIKE)));
    assertThat(incidents.current().orElseThrow().state()).isEqualTo(Incident.State.PROVISIONAL);
    usual(0);
    assertThat(notices).isEmpty();
    assertThat(incidents.current()).isEmpty();
  }

  @Test
  void openBucket_thatClosesAsFound_isTheSameIncident() {
    open(0, Optional.of(anomaly(0, Direction.UP, AnomalyKind.SPIKE)));
    long number = incidents.current().orElseThrow().number();
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    assertThat(acts()).containsExactly("ALERT");
    assertThat(notices.get(0).incident().number()).isEqualTo(number);
  }

  @Test
  void expected_afterTheAlert_resolvesOnceAndStaysQuiet() {
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    expect();
    expect();
    closed(1, Direction.UP, AnomalyKind.SHIFT);
    usual(2);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE");
    closed(3, Direction.UP, AnomalyKind.SPIKE);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE", "ALERT");
  }

  @Test
  void olderBucket_onceMore_isIgnored() {
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    usual(1);
    Incidents before = incidents;
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    closed(1, Direction.DOWN, AnomalyKind.SPIKE);
    open(1, Optional.of(anomaly(1, Direction.UP, AnomalyKind.SPIKE)));
    assertThat(incidents).isEqualTo(before);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE");
  }

  @Test
  void otherDirection_isAnotherIncident() {
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    closed(1, Direction.DOWN, AnomalyKind.SPIKE);
    assertThat(acts()).containsExactly("ALERT", "RESOLVE", "ALERT");
    assertThat(notices.get(2).incident().number()).isEqualTo(2);
  }

  @Test
  void drift_withUsualDaysBetween_isOneIncident() {
    closed(0, Direction.UP, AnomalyKind.DRIFT);
    usual(1);
    usual(2);
    closed(3, Direction.UP, AnomalyKind.DRIFT);
    for (int day = 4; day < 11; day++) {
      usual(day);
    }
    assertThat(acts()).containsExactly("ALERT", "RESOLVE");
  }

  @Test
  void randomObservations_giveOneAlertAndOneResolveEach() {
    Random random = new Random(Sizes.SEED);
    int day = 0;
    for (int i = 0; i < 20_000; i++) {
      int bucket = Math.max(0, day - random.nextInt(2));
      Direction direction = random.nextBoolean() ? Direction.UP : Direction.DOWN;
      AnomalyKind kind = KINDS.get(random.nextInt(KINDS.size()));
      switch (random.nextInt(5)) {
        case 0 -> closed(bucket, direction, kind);
        case 1 -> open(bucket, Optional.of(anomaly(bucket, direction, kind)));
        case 2 -> open(bucket, Optional.empty());
        case 3 -> usual(bucket);
        default -> expect();
      }
      day = Math.max(day, bucket + 1);
    }
    assertThat(violations(notices)).isEmpty();
    assertThat(notices).hasSizeGreaterThan(1000);
  }

  @Test
  void notices_twiceOrWithoutAlert_areViolations() {
    closed(0, Direction.UP, AnomalyKind.SPIKE);
    usual(1);
    List<IncidentNotice> twice = new ArrayList<>(notices);
    twice.add(notices.get(0));
    assertThat(violations(twice)).isNotEmpty();
    assertThat(violations(notices.subList(1, 2))).isNotEmpty();
    twice = new ArrayList<>(notices);
    twice.add(notices.get(1));
    assertThat(violations(twice)).isNotEmpty();
  }

  /** Notices that are not: one alert, then at most one resolve, with rising numbers. */
  private static List<IncidentNotice> violations(List<IncidentNotice> all) {
    List<IncidentNotice> wrong = new ArrayList<>();
    long alerted = 0;
    boolean open = false;
    for (IncidentNotice notice : all) {
      boolean alert = notice.act() == IncidentNotice.Act.ALERT;
      long number = notice.incident().number();
      boolean right = alert ? !open && number > alerted : open && number == alerted;
      if (!right) {
        wrong.add(notice);
      }
      open = alert;
      alerted = Math.max(alerted, number);
    }
    return wrong;
  }

  private void closed(int day, Direction direction, AnomalyKind kind) {
    take(incidents.observe(at(day), true, Optional.of(anomaly(day, direction, kind))));
  }

  private void usual(int day) {
    take(incidents.observe(at(day), true, Optional.empty()));
  }

  private void open(int day, Optional<Anomaly> found) {
    take(incidents.observe(at(day), false, found));
  }

  private void expect() {
    take(incidents.expected());
  }

  private void take(IncidentStep step) {
    incidents = step.incidents();
    notices.addAll(step.notices());
  }

  private List<String> acts() {
    return notices.stream().map(notice -> notice.act().name()).toList();
  }

  private static LocalDateTime at(int day) {
    return FIRST.plusDays(day);
  }

  private static Anomaly anomaly(int day, Direction direction, AnomalyKind kind) {
    return new Anomaly(
        at(day),
        at(day),
        kind,
        direction,
        BigDecimal.TEN,
        BigDecimal.ONE,
        BigDecimal.ONE,
        BigDecimal.ONE,
        false);
  }
}
