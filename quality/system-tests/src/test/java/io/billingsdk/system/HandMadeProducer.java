package io.billingsdk.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.testbed.RawMqtt;
import java.io.IOException;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A producer whose messages are written by hand: it says what it is told to say. */
final class HandMadeProducer implements AutoCloseable {
  private final RawMqtt connection;
  private final String instance;
  private int packets;

  HandMadeProducer(RawMqtt connection, String instance) {
    this.connection = connection;
    this.instance = instance;
  }

  /** Events of a stream that were used now. */
  void batch(UUID stream, long... seqs) throws IOException {
    batch(stream, System.currentTimeMillis(), LongStream.of(seqs));
  }

  /** Events of a stream and a time. */
  void batch(UUID stream, long usedAt, LongStream seqs) throws IOException {
    String events =
        seqs.mapToObj(
                seq ->
                    "{\"seq\":%d,\"ts\":%d,\"key_id\":\"k_1\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1}"
                        .formatted(seq, usedAt))
            .collect(Collectors.joining(","));
    publish(
        "billing/v2/" + instance + "/usage",
        "{\"stream\":\"%s\",\"sent_at\":%d,\"events\":[%s]}"
            .formatted(stream, System.currentTimeMillis(), events));
  }

  /** A sign of life. */
  void hello(UUID stream, long lastSeq, long pending) throws IOException {
    publish(
        "billing/v2/" + instance + "/hello",
        """
        {"protocol":2,"version":"1.2.3","sent_at":%d,"stream":"%s","last_seq":%d,"keys_version":0,
        "keys_wanted":false,"loss":{"accepted":%d,"delivered":%d,"pending":%d,"dead_lettered":0,
        "dropped":0,"rejected":0},"journal":{"on_disk":true,"bytes":0,"segments":0,"quarantined":0}}
        """
            .formatted(
                System.currentTimeMillis(), stream, lastSeq, lastSeq, lastSeq - pending, pending));
  }

  /** An event of protocol v1 without a number. */
  void report() throws IOException {
    publish(
        "billing/report",
        "{\"api_key\":\"k\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1,\"timestamp\":%d}"
            .formatted(System.currentTimeMillis()));
  }

  /** A batch that is none. */
  void nonsense() throws IOException {
    publish("billing/v2/" + instance + "/usage", "no batch");
  }

  private void publish(String topic, String message) throws IOException {
    packets = packets % 60_000 + 1;
    connection.publish(topic, message.getBytes(UTF_8), packets);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
