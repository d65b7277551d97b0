package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vector that Standard Webhooks publishes with its libraries. */
class WebhookSignatureTest {
  private static final byte[] KEY = WebhookSignature.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static String sign(List<byte[]> keys, String body) {
    return WebhookSignature.of(
        keys,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        Instant.ofEpochSecond(1614265330),
        body.getBytes(UTF_8));
  }

  @Test
  void published_vector_isSignedAsItSays() {
    assertThat(sign(List.of(KEY), "{\"test\": 2432232314}")).isEqualTo(SIGNATURE);
  }

  @Test
  void twoKeys_signBoth_andAnotherBodyAnotherSignature() {
    assertThat(sign(List.of(KEY, new byte[] {1}), "{\"test\": 2432232314}"))
        .startsWith(SIGNATURE + " v1,");
    assertThat(sign(List.of(KEY), "{\"test\": 2432232315}")).isNotEqualTo(SIGNATURE);
  }
}
