package io.billingsdk.system;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.StreamSecret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * An honest instance: one event after the other, each with its receipt, in a stream of its own.
 *
 * <p>Says {@code UP STREAM}. Asked by lines: {@code measure N} answers {@code MEASURED p50 p99} in
 * nanoseconds; {@code hello} says how far it has come, and answers {@code SAID NUMBER}.
 */
public final class HonestChild {
  private HonestChild() {}

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    OneAtATime instance = new OneAtATime(new Arguments(args));
    UUID stream = UUID.randomUUID();
    StreamSecret secret = StreamSecret.of(new byte[] {1, 2, 3}, stream);
    long last = 0;
    System.out.println("UP " + stream);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("measure ")) {
        int events = Integer.parseInt(line.substring(8));
        long[] nanos = instance.measure(stream, secret, last + 1, events);
        last += events;
        System.out.println("MEASURED " + nanos[events / 2] + " " + nanos[events * 99 / 100]);
      } else {
        Hello hello =
            new Hello(
                "honest",
                System.currentTimeMillis(),
                stream,
                last,
                0,
                /* keysWanted= */ false,
                new Hello.LossEquation(last, last, 0, 0, 0, 0),
                new Hello.JournalState(/* onDisk= */ false, 0, 0, 0, null),
                List.of(),
                secret);
        instance
            .publish(instance.topics().hello(instance.instance()), hello.encode())
            .get(30, TimeUnit.SECONDS);
        System.out.println("SAID " + last);
      }
    }
    Runtime.getRuntime().halt(0);
  }
}
