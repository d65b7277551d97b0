package io.billingsdk.internal.link;

import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult.Mqtt5Qos1Result;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Tells what an answer to a publish means. MQTT 5.0, section 3.4.2.1, lists the reason codes. */
final class PublishClassifier {
  private PublishClassifier() {}

  static PublishResult classify(@Nullable Mqtt5PublishResult result, @Nullable Throwable thrown) {
    if (thrown == null) {
      return result instanceof Mqtt5Qos1Result answer
          ? of(answer.getPubAck().getReasonCode())
          : new PublishResult(Outcome.UNKNOWN, "no PUBACK");
    }
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof Mqtt5PubAckException refused) {
      return of(refused.getMqttMessage().getReasonCode());
    }
    if (cause instanceof MqttEncodeException) {
      return new PublishResult(Outcome.UNACCEPTABLE, "larger than the broker's packets may be");
    }
    return new PublishResult(Outcome.UNKNOWN, cause.getClass().getSimpleName());
  }

  static PublishResult of(Mqtt5PubAckReasonCode code) {
    Outcome outcome =
        switch (code) {
          case SUCCESS -> Outcome.DELIVERED;
          // Not an error in MQTT, but nobody got it.
          case NO_MATCHING_SUBSCRIBERS -> Outcome.NO_SUBSCRIBER;
          case NOT_AUTHORIZED, TOPIC_NAME_INVALID -> Outcome.FORBIDDEN;
          case PAYLOAD_FORMAT_INVALID -> Outcome.UNACCEPTABLE;
          case UNSPECIFIED_ERROR,
              IMPLEMENTATION_SPECIFIC_ERROR,
              PACKET_IDENTIFIER_IN_USE,
              QUOTA_EXCEEDED ->
              Outcome.TRY_LATER;
        };
    return new PublishResult(outcome, code.toString());
  }
}
