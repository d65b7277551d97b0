package io.billingsdk.internal.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.KeyUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class V1KeyFeedTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock();
  private final ManualScheduler scheduler = new ManualScheduler(clock);
  private final KeyTable table = new KeyTable(clock, Duration.ofMinutes(5));
  private final List<Long> requestedAtSeconds = new ArrayList<>();
  private final List<List<KeyChange>> told = new ArrayList<>();
  private final V1KeyFeed feed =
      new V1KeyFeed(
          table,
          scheduler,
          new RetrySchedule(Duration.ofSeconds(10), Duration.ofMinutes(1), () -> 0),
          () -> requestedAtSeconds.add(clock.elapsed().toSeconds()),
          told::add);

  private void receive(String json) {
    KeyUpdate update = feed.decode(json.getBytes(UTF_8));
    if (update != null) {
      feed.take(update);
    }
  }

  private static String update(String key, String status) {
    return """
    {"timestamp":1,"updates":[{"app_id":"app","api_key":"%s","status":"%s","reason":"why"}]}\
    """
        .formatted(key, status);
  }

  @Test
  void request_notAnswered_isRepeatedWithGrowingPauses() {
    feed.up();
    scheduler.advance(Duration.ofSeconds(200));
    assertThat(requestedAtSeconds).containsExactly(0L, 10L, 30L, 70L, 130L, 190L);
  }

  /** One that failed was the last: keys never came. */
  @Test
  void request_throwsAnError_isRepeatedAllTheSame() {
    List<Long> failed = new ArrayList<>();
    V1KeyFeed broken =
        new V1KeyFeed(
            table,
            scheduler,
            new RetrySchedule(Duration.ofSeconds(10), Duration.ofMinutes(1), () -> 0),
            () -> {
              failed.add(clock.elapsed().toSeconds());
              throw new NoClassDefFoundError("com/example/Missing");
            },
            told::add);
    assertThatThrownBy(broken::up).isInstanceOf(NoClassDefFoundError.class);
    assertThatThrownBy(() -> scheduler.advance(Duration.ofSeconds(40)))
        .hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(failed).containsExactly(0L, 10L, 30L);
  }

  @Test
  void request_answered_isNotRepeated() {
    feed.up();
    scheduler.advance(Duration.ofSeconds(15));
    receive(update("key", "ok"));
    scheduler.advance(HOUR);
    assertThat(requestedAtSeconds).containsExactly(0L, 10L);
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void request_answeredByAnEmptyUpdate_isNotRepeated() {
    feed.up();
    receive("{\"updates\":[]}");
    scheduler.advance(HOUR);
    assertThat(requestedAtSeconds).hasSize(1);
    assertThat(told).containsExactly(List.of());
    assertThat(table.loaded()).isTrue();
  }

  @Test
  void request_answeredByGarbage_isRepeated() {
    feed.up();
    receive("garbage");
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(requestedAtSeconds).hasSize(2);
    assertThat(told).isEmpty();
  }

  @Test
  void down_whileAsking_sendsNothingUntilUp() {
    feed.up();
    scheduler.advance(Duration.ofSeconds(5));
    feed.down();
    scheduler.advance(HOUR);
    assertThat(requestedAtSeconds).containsExactly(0L);
    assertThat(scheduler.waiting()).isZero();
    feed.up();
    assertThat(requestedAtSeconds).containsExactly(0L, 3_605L);
  }

  @Test
  void up_again_asksAgainThoughAnsweredBeforeAndPausesStartOver() {
    feed.up();
    scheduler.advance(Duration.ofSeconds(100));
    receive(update("key", "ok"));
    feed.down();
    requestedAtSeconds.clear();
    feed.up();
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(requestedAtSeconds).containsExactly(100L, 110L);
  }

  @Test
  void down_neverUp_isHarmless() {
    feed.down();
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void received_blockAndUnblock_isEnforcedAndTold() {
    feed.up();
    receive(update("key", "ok"));
    assertThat(table.check("key")).isInstanceOf(Allowed.class);
    receive(update("key", "blocked"));
    assertThat(table.check("key"))
        .isEqualTo(Denied.because(DenialReason.BLOCKED).withOperatorReason("why"));
    receive(update("key", "ok"));
    assertThat(table.check("key")).isInstanceOf(Allowed.class);
    assertThat(told.stream().flatMap(List::stream).map(KeyChange::blocked))
        .containsExactly(false, true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspended", "OK", "", " ok", "blocked"})
  void received_statusOtherThanOk_blocks(String status) {
    feed.up();
    receive(update("key", status));
    assertThat(table.check("key")).isInstanceOf(Denied.class);
    assertThat(table.appIdOf("key")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "\"text\"",
        "{\"updates\":null}",
        "{\"updates\":{}}",
        "{\"updates\":[",
        "{\"updates\":[{\"app_id\":\"a\",\"api_key\":\"key\",\"status\":\"blocked\"}",
        "\u0000",
      })
  void received_malformed_isIgnoredAndTheTableKept(String message) {
    feed.up();
    receive(update("key", "ok"));
    receive(message);
    assertThat(table.check("key")).isInstanceOf(Allowed.class);
    assertThat(told).hasSize(1);
  }

  @Test
  void received_oneMalformedEntry_theOthersCount() {
    feed.up();
    receive(
        """
        {"timestamp":1,"updates":[{"app_id":1,"api_key":"a","status":"ok"},7,null,
          {"app_id":"app","api_key":"with space","status":"ok"},
          {"app_id":"app","api_key":"good","status":"ok"},{"api_key":"b","status":"ok"}]}\
        """);
    assertThat(table.figures().known()).isEqualTo(1);
    assertThat(table.check("good")).isInstanceOf(Allowed.class);
  }
}
