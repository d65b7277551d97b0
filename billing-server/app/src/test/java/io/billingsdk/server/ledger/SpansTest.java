package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.Spans.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpansTest {
  private static Instant at(String time) {
    return Instant.parse("2026-01-15T" + time + ":00Z");
  }

  private static Span span(String first, String end) {
    return new Span(at(first), at(end));
  }

  @Test
  void of_wholeHours_isAllFromTheRollups() {
    Spans spans = Spans.of(at("10:00"), at("13:00"), List.of(at("10:00")));
    assertThat(spans.rolledUp()).containsExactly(span("10:00", "13:00"));
    assertThat(spans.ofEvents()).isEmpty();
  }

  @Test
  void of_cutAtBothEnds_readsTheEventsOfThoseHours() {
    Spans spans = Spans.of(at("10:30"), at("13:15"), List.of());
    assertThat(spans.rolledUp()).containsExactly(span("11:00", "13:00"));
    assertThat(spans.ofEvents()).containsExactly(span("10:30", "11:00"), span("13:00", "13:15"));
  }

  @Test
  void of_lessThanAnHour_isOfEventsAlone() {
    Spans spans = Spans.of(at("10:10"), at("10:20"), List.of());
    assertThat(spans.rolledUp()).isEmpty();
    assertThat(spans.ofEvents()).containsExactly(span("10:10", "10:20"));
  }

  @Test
  void of_oneCutHourAfterTheOther_isOneSpanOfEvents() {
    Spans spans = Spans.of(at("10:30"), at("11:30"), List.of());
    assertThat(spans.rolledUp()).isEmpty();
    assertThat(spans.ofEvents()).containsExactly(span("10:30", "11:30"));
  }

  @Test
  void of_aBucketThatBeginsWithinAnHour_cutsThatHour() {
    // A day by the clock of a zone with half an hour.
    Spans spans = Spans.of(at("09:00"), at("12:00"), List.of(at("09:00"), at("10:30")));
    assertThat(spans.rolledUp()).containsExactly(span("09:00", "10:00"), span("11:00", "12:00"));
    assertThat(spans.ofEvents()).containsExactly(span("10:00", "11:00"));
  }

  @Test
  void of_aBucketThatBeganBefore_cutsNothing() {
    Spans spans = Spans.of(at("10:00"), at("11:00"), List.of(at("09:30")));
    assertThat(spans.ofEvents()).isEmpty();
  }

  @Test
  void ofEvents_isOneSpan() {
    assertThat(Spans.ofEvents(at("10:00"), at("13:00")))
        .isEqualTo(new Spans(List.of(), List.of(span("10:00", "13:00"))));
  }

  @Test
  void of_anyRange_coversItOnce_andRollsUpWholeHoursAlone() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      Instant from = at("00:00").plusSeconds(60L * random.nextInt(1_000));
      Instant to = from.plusSeconds(60L * (1 + random.nextInt(1_000)));
      long length = Duration.between(from, to).toMinutes();
      List<Instant> buckets =
          List.of(from, from.plusSeconds(60L * random.nextInt((int) length)), to.minusSeconds(60));
      Spans spans = Spans.of(from, to, buckets);
      List<Span> all = new ArrayList<>(spans.rolledUp());
      all.addAll(spans.ofEvents());
      all.sort(Comparator.comparing(Span::first));
      Instant done = from;
      for (Span each : all) {
        assertThat(each.first()).isEqualTo(done);
        done = each.end();
      }
      assertThat(done).isEqualTo(to);
      for (Span each : spans.rolledUp()) {
        assertThat(Duration.between(each.first(), each.end()).toSeconds() % 3_600).isZero();
        assertThat(each.first().getEpochSecond() % 3_600).isZero();
      }
    }
  }
}
