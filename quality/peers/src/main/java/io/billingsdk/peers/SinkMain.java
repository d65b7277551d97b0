package io.billingsdk.peers;

import io.billingsdk.testbed.FaultProxy;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A sink in a process of its own. Arguments: {@code http} or {@code mqtt}, a directory, and how
 * often it drops and repeats an event (0: never). It says its ports; each line that it reads is an
 * order: {@code away} resets every connection of the port with faults, {@code back} ends that,
 * {@code arrivals FILE} writes the numbers that have come.
 */
final class SinkMain {
  private final Arrivals arrivals = new Arrivals();
  private final FaultProxy proxy;

  private SinkMain(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    Intake intake =
        new Intake(arrivals, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    int port;
    String authority = "-";
    if (arguments[0].equals("mqtt")) {
      MqttSink sink = MqttSink.start(directory, intake);
      port = sink.port();
      authority = sink.authority().toString();
    } else {
      port = HttpSink.start(intake).port();
    }
    proxy = FaultProxy.to(port);
    ServerSocket counts = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread counter = new Thread(() -> count(counts), "counts");
    counter.setDaemon(true);
    counter.start();
    System.out.println(
        "ready " + port + " " + proxy.port() + " " + counts.getLocalPort() + " " + authority);
  }

  /** Ends with its standard input. */
  public static void main(String[] arguments) throws Exception {
    SinkMain sink = new SinkMain(arguments);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      sink.obey(order);
    }
    System.exit(0);
  }

  private void obey(String order) throws IOException {
    if (order.equals("away")) {
      proxy.cut();
      System.out.println("done");
    } else if (order.equals("back")) {
      proxy.pass();
      System.out.println("done");
    } else {
      Path file = Path.of(order.substring("arrivals ".length()));
      Files.write(file, arrivals.numbers().toByteArray());
      System.out.println("arrivals " + arrivals.repeated() + " " + arrivals.doubled());
    }
  }

  /** Says how many have come, each time that it is asked with a byte. */
  private void count(ServerSocket counts) {
    while (true) {
      try (Socket asker = counts.accept();
          DataOutputStream answer = new DataOutputStream(asker.getOutputStream())) {
        asker.setTcpNoDelay(true);
        while (asker.getInputStream().read() >= 0) {
          answer.writeInt(arrivals.distinct());
        }
      } catch (IOException gone) {
        // The asker has ended; the next one may come.
      }
    }
  }
}
