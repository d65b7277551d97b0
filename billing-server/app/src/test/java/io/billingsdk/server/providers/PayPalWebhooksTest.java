package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of PayPal: what is signed by whom, for whom, and when. */
@Tag("postgres")
class PayPalWebhooksTest {
  @TempDir Path directory;

  private ProviderWorld world;
  private PayPalWorld paypal;
  private int refused;
  private int accepted;

  @BeforeEach
  void start() {
    world = new ProviderWorld(directory);
    paypal = new PayPalWorld(world);
  }

  @AfterEach
  void stop() {
    paypal.close();
    world.close();
  }

  private byte[] paid() {
    paypal.customer("c", FakePayPal.BANK);
    world.invoice("c", "i-1", "100");
    ChargeResult unused = paypal.parts().charges().charge("i-1", 1);
    paypal.fake.status(String.valueOf(world.charge("i-1", 1).reference()), "COMPLETED");
    return PayPalObjects.event("WH-1", "PAYMENT.CAPTURE.COMPLETED", paypal.fake.captures().get(0))
        .toString()
        .getBytes(UTF_8);
  }

  private void refuses(Map<String, List<String>> headers, byte[] body, String why) {
    try {
      ProviderEvent taken = paypal.paypal().read(headers, body);
      accepted++;
      assertThat(taken).as(why).isNull();
    } catch (ForgedEventException forged) {
      refused++;
      assertThat(forged).hasMessageContaining(why);
    }
  }

  private Map<String, List<String>> at(byte[] body, Instant time) {
    return paypal.authority.headers(PayPalWorld.WEBHOOK, body, time, PayPalAuthority.URL);
  }

  private Map<String, List<String>> by(byte[] body, String url) {
    return paypal.authority.headers(PayPalWorld.WEBHOOK, body, now(), url);
  }

  private Instant now() {
    return world.clock().instant();
  }

  private static Map<String, List<String>> with(
      Map<String, List<String>> headers, String name, String value) {
    Map<String, List<String>> changed = new LinkedHashMap<>(headers);
    changed.put(name, List.of(value));
    return changed;
  }

  @Test
  void certificate_ofAnotherHostAuthorityTimeOrName_isRefused() {
    byte[] body = paid();
    String good = PayPalAuthority.URL;
    List<String> hosts =
        List.of(
            good.replace("api.paypal.com", "api.paypal.com.evil.example"),
            good.replace("api.paypal.com", "evil.example"),
            good.replace("api.paypal.com", "127.0.0.1"),
            good.replace("api.paypal.com", "paypal.com"),
            good.replace("api.paypal.com", "api.paypal.com:8443"),
            good.replace("api.paypal.com", "api.paypal.com@evil.example"),
            good.replace("api.paypal.com", "evil.example#api.paypal.com"),
            good.replace("https", "http"),
            good.replace("/v1/notifications/certs/", "/v1/other/"),
            good + "/../../../open-redirect",
            good + "?url=evil",
            "file:///etc/ssl/certs/ca.pem",
            "%",
            "");
    hosts.forEach(each -> refuses(by(body, each), body, "its certificate"));
    refuses(by(body, PayPalAuthority.EXPIRED), body, "not valid now");
    refuses(by(body, PayPalAuthority.EARLY), body, "not valid now");
    refuses(by(body, PayPalAuthority.FOREIGN), body, "no authority that is trusted");
    refuses(by(body, PayPalAuthority.SELF), body, "no authority that is trusted");
    refuses(by(body, PayPalAuthority.NO_CHAIN), body, "no authority that is trusted");
    refuses(by(body, PayPalAuthority.OTHER_NAME), body, "not one that PayPal signs with");
    refuses(by(body, PayPalAuthority.NONSENSE), body, "its certificate");
    refuses(by(body, good + "00"), body, "not there");
    print("certificates");
    assertThat(paypal.webhook(new String(body, UTF_8))).isEqualTo(EventState.APPLIED);
  }

  @Test
  void body_thatWasChangedIsStaleOrForAnotherEndpoint_isRefused_andReplayedHasOneEffect() {
    byte[] body = paid();
    Map<String, List<String>> right = at(body, now());
    for (int i = 0; i < body.length; i++) {
      byte[] changed = body.clone();
      changed[i] = (byte) (changed[i] ^ 1);
      refuses(right, changed, "its signature is wrong");
    }
    refuses(paypal.authority.headers("WHother", body), body, "its signature is wrong");
    refuses(at(body, now().minus(PayPalSignature.OLDEST).minusSeconds(2)), body, "hours old");
    refuses(at(body, now().plus(Duration.ofMinutes(6))), body, "of the future");
    refuses(with(right, "Paypal-Auth-Algo", "SHA1withRSA"), body, "PAYPAL-AUTH-ALGO");
    refuses(with(right, "Paypal-Transmission-Id", "a|b"), body, "PAYPAL-TRANSMISSION-ID");
    refuses(with(right, "Paypal-Transmission-Time", "today"), body, "no time");
    refuses(with(right, "Paypal-Transmission-Sig", "***"), body, "not Base64");
    refuses(with(right, "Paypal-Transmission-Sig", "AAAA"), body, "its signature is wrong");
    right
        .keySet()
        .forEach(
            each -> {
              Map<String, List<String>> less = new LinkedHashMap<>(right);
              less.remove(each);
              refuses(less, body, "it has no");
            });
    assertThat(world.count("provider_event")).isZero();
    assertThat(world.count("payment")).isZero();
    print("forged");

    for (int i = 0; i < 3; i++) {
      assertThat(paypal.webhook(new String(body, UTF_8))).isEqualTo(EventState.APPLIED);
    }
    assertThat(world.count("provider_event")).isEqualTo(1);
    assertThat(world.count("payment")).isEqualTo(1);
  }

  private void print(String part) {
    Proof.of("webhooks-in")
        .with("provider", "paypal")
        .with("part", part)
        .with("refused", refused)
        .with("accepted", accepted)
        .print();
    assertThat(accepted).isZero();
  }

  @Test
  void signedText_ofPayPal_hasTheUnsignedSumOfTheBytes() {
    byte[] body = "{\"id\":\"WH-ä\"}".getBytes(UTF_8);
    CRC32 sum = new CRC32();
    sum.update(body);
    assertThat(new String(PayPalSignature.signed("i", "t", "w", body), UTF_8))
        .isEqualTo("i|t|w|" + sum.getValue());
    // The check value of CRC-32 that its catalogues give for these nine digits.
    assertThat(
            new String(PayPalSignature.signed("i", "t", "w", "123456789".getBytes(UTF_8)), UTF_8))
        .isEqualTo("i|t|w|" + Long.parseLong("cbf43926", 16));
  }

  @Test
  void event_thatCannotBeAskedFor_isTakenWhenItComesAgain() {
    String body = new String(paid(), UTF_8);
    paypal.fake.away(true);
    assertThatThrownBy(() -> paypal.webhook(body)).isInstanceOf(ProviderUnreachableException.class);
    paypal.fake.away(false);
    paypal.fake.denied(true);
    assertThatThrownBy(() -> paypal.webhook(body)).isInstanceOf(ProviderDeniedException.class);
    paypal.fake.denied(false);
    assertThat(world.count("provider_event")).isZero();
    assertThat(paypal.webhook(body)).isEqualTo(EventState.APPLIED);
  }
}
