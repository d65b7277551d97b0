package io.billingsdk.system;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/**
 * Many instances that say hello at one moment, each over a connection of its own: when all are let
 * in it says {@code UP}, and when each has the whole key table {@code SERVED P50 MAX} in
 * milliseconds since that moment.
 */
public final class StormChild {
  private StormChild() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    List<String> names = Pattern.compile(",").splitAsStream(arguments.text("instances")).toList();
    List<String> passwords =
        Pattern.compile(",").splitAsStream(arguments.text("passwords")).toList();
    V2Topics topics = V2Topics.under("billing");
    List<RawMqtt> clients = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RawMqtt client =
          RawMqtt.tls(
              (int) arguments.number("port", 0),
              Path.of(arguments.text("ca")),
              RawMqtt.Login.of(names.get(i), passwords.get(i)));
      client.subscribe(topics.keys(names.get(i)));
      clients.add(client);
    }
    System.out.println("UP");
    long[] millis = new long[names.size()];
    CountDownLatch served = new CountDownLatch(names.size());
    long begun = System.nanoTime();
    for (int i = 0; i < names.size(); i++) {
      int number = i;
      Thread reader =
          new Thread(
              () -> {
                awaitTable(clients.get(number));
                millis[number] = (System.nanoTime() - begun) / 1_000_000;
                served.countDown();
              });
      reader.setDaemon(true);
      reader.start();
      clients
          .get(i)
          .publish(topics.hello(names.get(i)), HelloFloodChild.hello(UUID.randomUUID()), 1);
    }
    served.await();
    Arrays.sort(millis);
    System.out.println("SERVED " + millis[millis.length / 2] + " " + millis[millis.length - 1]);
    Runtime.getRuntime().halt(0);
  }

  private static void awaitTable(RawMqtt client) {
    try {
      // The first says how many there are; to read all of them would cost more than to send them.
      Packet first = client.await(RawMqtt.PUBLISH);
      int left = KeyFeedMessage.decode(client.acknowledge(first)).chunks() - 1;
      for (; left > 0; left--) {
        client.acknowledge(client.await(RawMqtt.PUBLISH));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
