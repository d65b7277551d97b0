package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedClientLogTest {
  private final List<String> lines = new ArrayList<>();
  private final Counts counts = new Counts();
  private long nanos = -Duration.ofSeconds(7).toNanos();
  private final RefusedClientLog log =
      new RefusedClientLog(lines::add, "gone"::equals, counts, () -> nanos);

  private static RefusedClient refused(Reason reason, String user, String clientId, String topic) {
    return new RefusedClient(reason, user, clientId, "192.0.2.7", topic);
  }

  private static RefusedClient unknown(String user) {
    return refused(Reason.UNKNOWN_USER, user, "any", "");
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    log.tick();
  }

  @Test
  void accept_eachReason_namesItAndTheClient() {
    log.accept(unknown("pyhton-1"));
    log.accept(unknown(""));
    log.accept(unknown("gone"));
    log.accept(refused(Reason.WRONG_PASSWORD, "gateway-1", "gateway-1", ""));
    log.accept(refused(Reason.CLIENT_ID, "gateway-1", "gateway-2", ""));
    log.accept(refused(Reason.PUBLISH, "python-1", "python-1/x", "billing/v2/a/usage"));
    log.accept(refused(Reason.SUBSCRIBE, "python-1", "python-1/x", "billing/#"));
    assertThat(lines).allMatch(line -> line.startsWith("a client from 192.0.2.7 was refused: "));
    assertThat(lines)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .endsWith("user pyhton-1 is not known; 'instance create' creates an instance"),
            line -> assertThat(line).endsWith("it gave no user name"),
            line -> assertThat(line).endsWith("user gone is an instance that was revoked"),
            line -> assertThat(line).endsWith("the password of user gateway-1 is wrong or missing"),
            line ->
                assertThat(line)
                    .endsWith("under the client id gateway-1 alone, and not as gateway-2"),
            line -> assertThat(line).endsWith("python-1 may not publish to billing/v2/a/usage"),
            line -> assertThat(line).endsWith("python-1 may not subscribe to billing/#"));
  }

  @Test
  void accept_whatTheBrokerEndsByItself_namesItAndTheClient() {
    log.accept(refused(Reason.WILL, "gateway-1", "gateway-1", "billing/v2/collector"));
    log.accept(refused(Reason.TAKEN_OVER, "gateway-1", "gateway-1", "192.0.2.8"));
    log.accept(refused(Reason.TLS, "", "", "Received fatal alert: unknown_ca"));
    log.accept(refused(Reason.PROTOCOL, "gateway-1", "gateway-1", "PACKET_TOO_LARGE: 2 MiB"));
    assertThat(lines)
        .satisfiesExactly(
            line ->
                assertThat(line).endsWith("gateway-1 may not have a Will on billing/v2/collector"),
            line ->
                assertThat(line)
                    .contains("another client from 192.0.2.8 connected as gateway-1 and took"),
            line ->
                assertThat(line).endsWith("TLS handshake failed: Received fatal alert: unknown_ca"),
            line -> assertThat(line).contains("the protocol forbids: PACKET_TOO_LARGE: 2 MiB"));
  }

  @Test
  void accept_eachReason_isCountedByItsKind() {
    for (Reason each : Reason.values()) {
      for (int i = 0; i < 100; i++) {
        log.accept(refused(each, "gateway-1", "gateway-1", "x" + i));
      }
    }
    for (Reason each : Reason.values()) {
      assertThat(counts.of(Family.REFUSED_CLIENTS, RefusedClientLog.kind(each))).isEqualTo(100);
    }
  }

  @Test
  void accept_theSameAgainAndAgain_isSaidOnceAMinuteWithHowOften() {
    for (int second = 0; second < 120; second++) {
      // The id is another one each time, as with clients that send none.
      log.accept(refused(Reason.WRONG_PASSWORD, "python-1", "python-1/" + second, ""));
      pass(Duration.ofSeconds(1));
    }
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).isEqualTo(lines.get(0) + " (… and 59 more within a minute)");
    assertThat(lines.get(2)).isEqualTo(lines.get(0));
  }

  @Test
  void accept_oneSourceWithManyNames_saysAFewLinesAMinute_andHidesNoOther() {
    long before = LimitedLog.LogKind.REFUSED_CLIENT.leftOut();
    for (int client = 0; client < 1_000; client++) {
      log.accept(unknown("guess-" + client));
    }
    int few = RefusedClientLog.SOURCE_LINES;
    assertThat(lines).hasSize(few);
    assertThat(LimitedLog.LogKind.REFUSED_CLIENT.leftOut() - before).isEqualTo(1_000 - few);
    log.accept(refused(Reason.WRONG_PASSWORD, "gateway-1", "gateway-1", ""));
    assertThat(lines).hasSize(few + 1).last().asString().contains("gateway-1 is wrong");
    pass(Duration.ofSeconds(59));
    assertThat(lines).hasSize(few + 1);
    pass(Duration.ofSeconds(1));
    assertThat(lines)
        .last()
        .isEqualTo(
            "… and "
                + (1_000 - few)
                + " more refusals of clients from 192.0.2.7 within a minute, which are not shown");
    int until = lines.size();
    log.accept(unknown("guess-1"));
    assertThat(lines).hasSize(until + 1);
  }

  @Test
  void accept_manySources_areBoundedInLinesAndInMemory() {
    for (int client = 0; client < 50_000; client++) {
      log.accept(
          new RefusedClient(
              Reason.UNKNOWN_USER, "x", "x", "10.0." + client / 256 + "." + client, ""));
    }
    assertThat(lines).hasSize(RefusedClientLog.MOST_LINES);
    pass(Duration.ofSeconds(60));
    assertThat(lines)
        .hasSize(RefusedClientLog.MOST_LINES + 1)
        .last()
        .asString()
        .isEqualTo(
            "… and "
                + (50_000 - RefusedClientLog.MOST_LINES)
                + " more refusals within a minute, which are not shown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "bk_live_kCeTlTGsrBSQt_abcdefghijklmnop_12345678",
        "bt_abcdefghijkl_abcdefghijklmnop_12345678"
      })
  void accept_secretInTheWrongField_isNotShown(String secret) {
    log.accept(unknown(secret));
    log.accept(refused(Reason.CLIENT_ID, "gateway-1", secret, ""));
    log.accept(refused(Reason.PUBLISH, "gateway-1", "gateway-1", "billing/" + secret));
    assertThat(lines).hasSize(3).noneMatch(line -> line.contains(secret.substring(4, 20)));
  }

  @Test
  void accept_lineBreaksAndLongNames_makeOneShortLine() {
    log.accept(unknown("a\nERROR: all is lost\u2028\u001b[2J"));
    log.accept(unknown("x".repeat(65_000)));
    assertThat(lines.get(0)).contains("a?ERROR:?all?is?lost??[2J").doesNotContain("\n", "\u001b");
    assertThat(lines.get(1)).hasSizeLessThan(300);
  }
}
