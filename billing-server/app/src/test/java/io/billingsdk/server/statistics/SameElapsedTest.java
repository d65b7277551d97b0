package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.statistics.SameElapsed.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameElapsedTest {
  @ParameterizedTest
  @CsvSource({
    // The tenth of March is compared with ten days of February.
    "UTC, MONTH, 2026-03-10T12:00:00Z, 2026-03-01T00:00:00Z, 2026-02-01T00:00:00Z,"
        + " 2026-02-10T12:00:00Z",
    // The end of March with all of February, which is shorter.
    "UTC, MONTH, 2026-03-31T12:00:00Z, 2026-03-01T00:00:00Z, 2026-02-01T00:00:00Z,"
        + " 2026-03-01T00:00:00Z",
    "Asia/Kathmandu, DAY, 2026-03-10T18:30:00Z, 2026-03-10T18:15:00Z, 2026-03-09T18:15:00Z,"
        + " 2026-03-09T18:30:00Z",
    // The day before has 23 hours: after 23.5 hours all of it is meant.
    "America/New_York, DAY, 2026-03-10T03:30:00Z, 2026-03-09T04:00:00Z, 2026-03-08T05:00:00Z,"
        + " 2026-03-09T04:00:00Z"
  })
  void of_aMoment_isThisPeriodAndAsMuchOfTheOneBefore(
      String zone, Bucket bucket, Instant now, Instant start, Instant from, Instant to) {
    SameElapsed same = SameElapsed.of(new LocalDays(ZoneId.of(zone)), bucket, now);

    assertThat(same.current().from()).isEqualTo(start);
    assertThat(same.current().to()).isEqualTo(now);
    assertThat(same.before().from()).isEqualTo(from);
    assertThat(same.before().to()).isEqualTo(to);
  }

  @Test
  void of_anyMoment_endsBeforeThePeriodBegins_andIsNeverLonger() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 20_000; i++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Instant now = Instant.ofEpochSecond(1_500_000_000L + random.nextInt(500_000_000));
      for (Bucket bucket : Bucket.values()) {
        SameElapsed same = SameElapsed.of(new LocalDays(zone), bucket, now);
        String what = "seed " + seed + ": " + zone + " " + bucket + " " + now;
        Duration current = same.current().length();
        Duration before = same.before().length();
        assertThat(before).as(what).isLessThanOrEqualTo(current);
        assertThat(same.before().to()).as(what).isBeforeOrEqualTo(same.current().from());
        boolean isWhole = same.before().to().equals(same.current().from());
        assertThat(isWhole || before.equals(current)).as(what).isTrue();
      }
    }
  }
}
