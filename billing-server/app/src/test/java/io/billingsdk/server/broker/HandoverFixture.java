package io.billingsdk.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.HandedPublish;
import io.billingsdk.broker.HandedPublish.Handover;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that hands over the topic {@code usage} in process, and clients that send each packet by
 * hand.
 */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HandoverFixture {
  static final Duration PATIENCE = Duration.ofMinutes(3);
  static final int WINDOW = 100;
  static final int BUDGET = 1 << 20;

  final List<HandedPublish> received = new CopyOnWriteArrayList<>();
  final List<RawMqtt> clients = new ArrayList<>();
  volatile Consumer<HandedPublish> then = publish -> {};
  EmbeddedBroker broker;
  Path authority;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    CertificateAuthority issuer = CertificateAuthority.create("handover CA");
    authority = directory.resolve("ca.pem");
    issuer.writeCertificate(authority);
    broker =
        EmbeddedBroker.builder()
            .tls(issuer.issueServer("localhost", "127.0.0.1"))
            .user(
                "producer",
                "right",
                List.of(new TopicRule("usage", true, false), new TopicRule("other", true, true)))
            .user("second", "right", List.of(new TopicRule("usage", true, false)))
            .user("stranger", "right", List.of(new TopicRule("other", true, true)))
            .receiveMaximum(WINDOW)
            .maximumQos(1)
            .handover(
                new Handover() {
                  @Override
                  public boolean takes(String topic) {
                    return topic.equals("usage");
                  }

                  @Override
                  public void received(HandedPublish publish) {
                    received.add(publish);
                    then.accept(publish);
                  }
                },
                BUDGET)
            .build();
    broker.start();
  }

  @AfterEach
  void forget() throws IOException {
    then = HandoverFixture::acknowledge;
    for (RawMqtt each : clients) {
      each.close();
    }
    clients.clear();
    received.forEach(HandedPublish::settle);
    await().atMost(PATIENCE).until(() -> broker.connectedClients().isEmpty());
    received.clear();
    then = publish -> {};
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  RawMqtt client(Login login) throws IOException {
    RawMqtt client = RawMqtt.tls(broker.port(), authority, login);
    clients.add(client);
    return client;
  }

  RawMqtt producer() throws IOException {
    return client(Login.of("producer", "right"));
  }

  static void acknowledge(HandedPublish publish) {
    publish.settle();
    publish.answer();
  }

  void awaitReceived(int count) {
    await().atMost(PATIENCE).until(() -> received.size() >= count);
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  static void send(RawMqtt client, int messages, int bytes) {
    try {
      for (int id = 1; id <= messages; id++) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(client.publish("usage", new byte[bytes], 1, id, /* duplicate= */ false));
        client.send(message.toByteArray());
      }
    } catch (IOException cut) {
      throw new IllegalStateException(cut);
    }
  }
}
