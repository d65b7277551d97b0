package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClocksTest {
  private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  private final AtomicLong nanos = new AtomicLong();
  private final Clocks clocks = new Clocks(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);

  private @Nullable Long said(String instance, Duration ahead) {
    return clocks.said(instance, NOW.plus(ahead).toEpochMilli());
  }

  @Test
  void areWith_senderThatAgrees_knowsThatItsEventIsWrong() {
    assertThat(clocks.areWith(said("a", Duration.ofHours(12)))).isTrue();
    assertThat(clocks.areWith(said("a", Duration.ofHours(-36)))).isTrue();
  }

  @Test
  void areWith_oneSenderThatDiffers_isNotKnown() {
    assertThat(clocks.areWith(said("a", TWO_DAYS))).isFalse();
    assertThat(clocks.areWith(said("a", TWO_DAYS.negated()))).isFalse();
  }

  @Test
  void areWith_nobodyWhoSaysItsTime_isNotKnown() {
    assertThat(clocks.said("a", 0)).isNull();
    assertThat(clocks.areWith(null)).isFalse();
  }

  @Test
  void areWith_mostOthersAgreeing_knowsThatTheSenderIsWrong() {
    said("a", Duration.ZERO);
    Long wrong = said("b", TWO_DAYS);
    assertThat(clocks.areWith(wrong)).as("one against one").isFalse();
    said("c", Duration.ZERO);
    assertThat(clocks.areWith(wrong)).isTrue();
    assertThat(clocks.areWith(null)).isTrue();
  }

  @Test
  void areWith_theSameSenderAgain_countsOnce() {
    said("a", Duration.ZERO);
    for (int i = 0; i < 10; i++) {
      said("b", TWO_DAYS);
    }
    said("b", Duration.ZERO);
    assertThat(clocks.areWith(null)).isTrue();
  }

  @Test
  void areWith_thoseThatAreNotHeardOfAnyMore_countNoLonger() {
    said("a", Duration.ZERO);
    said("c", Duration.ZERO);
    nanos.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(clocks.areWith(said("b", TWO_DAYS))).isFalse();
  }

  /** A wall clock that somebody sets. */
  private static final class SetClock extends Clock {
    private Instant now = NOW;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Otherwise the first usage after the jump would be refused for good. */
  @Test
  void areWith_rightAfterTheServersClockJumped_isNotKnown_whateverWasSaidBefore() {
    SetClock wall = new SetClock();
    Clocks server = new Clocks(wall, nanos::get);
    var unused = server.said("a", NOW.toEpochMilli());
    assertThat(server.areWith(null)).isTrue();
    wall.now = NOW.minus(TWO_DAYS);
    assertThat(server.areWith(null)).isFalse();
    wall.now = NOW;
    assertThat(server.areWith(null)).as("until somebody says the time").isFalse();
    assertThat(server.areWith(server.said("a", NOW.toEpochMilli()))).isTrue();
  }
}
