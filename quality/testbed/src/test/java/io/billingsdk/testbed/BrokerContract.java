package io.billingsdk.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What both brokers must do alike. */
@Tag("broker")
abstract class BrokerContract {

  static final Duration LONG = Duration.ofSeconds(60);

  abstract TestBroker broker();

  @Test
  void roles_allowedTopics_passBothWays() throws Exception {
    Mqtt5BlockingClient sdk = Clients.tls(broker(), Role.SDK, "sdk-1", broker().port());
    sdk.connect();
    try (WireSpy spy = WireSpy.on(broker(), "billing/#");
        WireSpy system = WireSpy.on(broker(), Role.SYSTEM, "billing/report")) {
      sdk.publish(Clients.message("billing/report", "report"));
      system.publish("billing/keys/update", "update".getBytes(UTF_8));

      spy.await(seen -> seen.size() == 2, LONG);
      assertThat(system.await(seen -> !seen.isEmpty(), LONG).get(0).text()).isEqualTo("report");
      assertThat(spy.messages())
          .extracting(SpiedMessage::topic)
          .containsExactly("billing/report", "billing/keys/update");
    }
    sdk.disconnect();
  }

  @Test
  void sdkRole_publishingAsTheSystem_isRefused() throws Exception {
    Mqtt5BlockingClient sdk = Clients.tls(broker(), Role.SDK, "sdk-2", broker().port());
    sdk.connect();

    assertThatThrownBy(() -> sdk.publish(Clients.message("billing/keys/update", "forged")))
        .isInstanceOf(Mqtt5PubAckException.class);
  }

  @Test
  void sdkRole_subscribingToReports_getsNone() throws Exception {
    Mqtt5BlockingClient sdk = Clients.tls(broker(), Role.SDK, "sdk-4", broker().port());
    sdk.connect();
    try (WireSpy system = WireSpy.on(broker(), Role.SYSTEM);
        var received = sdk.publishes(MqttGlobalPublishFilter.ALL)) {
      subscribe(sdk, "billing/keys/update");
      subscribeIfAllowed(sdk, "billing/report");

      sdk.publish(Clients.message("billing/report", "of a competitor"));
      system.publish("billing/keys/update", "update".getBytes(UTF_8));

      var first = received.receive(LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(first).map(each -> each.getTopic().toString()).hasValue("billing/keys/update");
    }
    sdk.disconnect();
  }

  @Test
  void spyRole_publishing_isRefused() {
    try (WireSpy spy = WireSpy.on(broker())) {
      assertThatThrownBy(() -> spy.publish("billing/report", new byte[0]))
          .hasRootCauseInstanceOf(Mqtt5PubAckException.class);
    }
  }

  @Test
  void stopThenStart_sameBroker_spyComesBackByItself() throws Exception {
    int port = broker().port();
    try (WireSpy spy = WireSpy.on(broker(), "billing/#")) {
      broker().stop();
      broker().start();
      assertThat(broker().port()).isEqualTo(port);
      Mqtt5BlockingClient sdk = Clients.tls(broker(), Role.SDK, "sdk-3", port);
      sdk.connect();

      // The spy may still hold the connection that the stop has ended: publish until it hears.
      int sent = 0;
      while (spy.messages().isEmpty() && sent < 600) {
        sdk.publish(Clients.message("billing/heartbeat", "again"));
        sent++;
        spy.awaitSubscribed(LONG);
      }

      assertThat(spy.await(seen -> !seen.isEmpty(), LONG).get(0).text()).isEqualTo("again");
      sdk.disconnect();
    }
  }

  private static void subscribe(Mqtt5BlockingClient client, String filter) {
    client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static void subscribeIfAllowed(Mqtt5BlockingClient client, String filter) {
    try {
      subscribe(client, filter);
    } catch (Mqtt5SubAckException e) {
      // One broker refuses the subscription, the other grants it and delivers nothing.
    }
  }
}
