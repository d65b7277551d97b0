package io.billingsdk.system;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.RawMqtt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * An instance gone bad: under one login it asks for keys as fast as the connection takes it, and
 * takes none of what it gets. Asked by lines: {@code FLOOD} begins, {@code STOP} ends and answers
 * {@code FLOODED} with how many messages left. Says {@code UP} when it is let in.
 */
public final class HelloFloodChild {
  private static final int AT_ONCE = 50;

  private final RawMqtt client;
  private final String instance;
  private final boolean acknowledged;
  private volatile boolean stopped;
  private volatile long sent;

  private HelloFloodChild(RawMqtt client, String instance, boolean acknowledged) {
    this.client = client;
    this.instance = instance;
    this.acknowledged = acknowledged;
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    String instance = arguments.text("instance");
    RawMqtt client =
        RawMqtt.tls(
            (int) arguments.number("port", 0),
            Path.of(arguments.text("ca")),
            RawMqtt.Login.of(instance, arguments.text("password")).keepAlive(0));
    client.subscribe(V2Topics.under("billing").keys(instance));
    System.out.println("UP");
    new HelloFloodChild(client, instance, arguments.number("qos", 0) == 1).run();
    Runtime.getRuntime().halt(0);
  }

  private void run() throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Thread flood = new Thread(this::flood, "flood");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("FLOOD")) {
        flood.start();
      } else {
        stopped = true;
        System.out.println("FLOODED " + sent);
      }
    }
  }

  private void flood() {
    try {
      byte[] wanted =
          join(
              publish(V2Topics.under("billing").hello(instance), hello(UUID.randomUUID())),
              publish(V2Topics.under("billing").hello(instance), hello(UUID.randomUUID())),
              publish(
                  V1Topics.under("billing").keysRequest(),
                  "{\"timestamp\":1}".getBytes(StandardCharsets.UTF_8)),
              publish(
                  V2Topics.under("billing").hello(instance), "{".getBytes(StandardCharsets.UTF_8)));
      byte[] many = new byte[wanted.length * AT_ONCE];
      for (int i = 0; i < AT_ONCE; i++) {
        System.arraycopy(wanted, 0, many, i * wanted.length, wanted.length);
      }
      for (long count = 4L * AT_ONCE; !stopped; count += 4L * AT_ONCE) {
        client.send(many);
        sent = count;
      }
    } catch (IOException ended) {
      System.out.println("ENDED " + ended.getMessage());
    }
  }

  private byte[] publish(String topic, byte[] payload) {
    return client.publish(topic, payload, acknowledged ? 1 : 0, 1, /* duplicate= */ false);
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  static byte[] hello(UUID stream) {
    return new Hello(
            "test",
            System.currentTimeMillis(),
            stream,
            0,
            0,
            /* keysWanted= */ true,
            new Hello.LossEquation(0, 0, 0, 0, 0, 0),
            new Hello.JournalState(/* onDisk= */ true, 0, 0, 0, null),
            List.of())
        .encode();
  }
}
