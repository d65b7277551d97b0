package io.billingsdk.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class PublishClassifierTest {

  @ParameterizedTest
  @CsvSource({
    "SUCCESS, DELIVERED",
    "NO_MATCHING_SUBSCRIBERS, NO_SUBSCRIBER",
    "UNSPECIFIED_ERROR, TRY_LATER",
    "IMPLEMENTATION_SPECIFIC_ERROR, TRY_LATER",
    "NOT_AUTHORIZED, FORBIDDEN",
    "TOPIC_NAME_INVALID, FORBIDDEN",
    "PACKET_IDENTIFIER_IN_USE, TRY_LATER",
    "QUOTA_EXCEEDED, TRY_LATER",
    "PAYLOAD_FORMAT_INVALID, UNACCEPTABLE",
  })
  void classify_code_isTheSameAsAnAnswerAndAsAnException(
      Mqtt5PubAckReasonCode code, Outcome outcome) {
    assertThat(PublishClassifier.classify(HiveMessages.pubAckResult(code), null))
        .isEqualTo(new PublishResult(outcome, code.toString()));
    Throwable thrown = HiveMessages.pubAckException(code);
    assertThat(PublishClassifier.classify(null, thrown).outcome()).isEqualTo(outcome);
    assertThat(PublishClassifier.classify(null, new CompletionException(thrown)).outcome())
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @EnumSource(Mqtt5PubAckReasonCode.class)
  void classify_anyCode_onlySuccessIsDelivered(Mqtt5PubAckReasonCode code) {
    assertThat(PublishClassifier.of(code).outcome() == Outcome.DELIVERED)
        .isEqualTo(code == Mqtt5PubAckReasonCode.SUCCESS);
  }

  @Test
  void classify_tooLargeToEncode_isUnacceptable() {
    assertThat(PublishClassifier.classify(null, new MqttEncodeException("too large")).outcome())
        .isEqualTo(Outcome.UNACCEPTABLE);
  }

  @Test
  void classify_noAnswer_isUnknown() {
    assertThat(PublishClassifier.classify(null, null).outcome()).isEqualTo(Outcome.UNKNOWN);
    for (Throwable thrown :
        new Throwable[] {
          new MqttSessionExpiredException("session expired", new Exception()),
          new TimeoutException(),
          new CompletionException(null),
          new IllegalStateException("sk-canary"),
        }) {
      PublishResult result = PublishClassifier.classify(null, thrown);
      assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(result.detail()).doesNotContain("canary");
    }
  }
}
