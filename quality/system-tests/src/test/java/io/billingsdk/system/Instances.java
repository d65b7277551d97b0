package io.billingsdk.system;

import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Many instances of the SDK in a few processes, and when each refused the key. */
final class Instances implements AutoCloseable {
  private final TestBroker broker;
  private final String key;
  private final List<Child> processes = new ArrayList<>();
  private final Map<String, Long> refusedAtMillis = new ConcurrentHashMap<>();
  private final Map<String, Long> allowedAtMillis = new ConcurrentHashMap<>();
  private final Set<String> marked = ConcurrentHashMap.newKeySet();

  Instances(TestBroker broker, String key) {
    this.broker = broker;
    this.key = key;
  }

  /** Starts one more process of so many, with more arguments of {@link InstancesChild}. */
  void start(String name, int instances, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "host=" + broker.host(),
                "port=" + broker.port(),
                "ca=" + broker.caPem(),
                "user=" + broker.user(Role.SDK),
                "password=" + broker.password(Role.SDK),
                "client=" + name,
                "key=" + key,
                "instances=" + instances));
    arguments.addAll(List.of(settings));
    processes.add(
        Child.java(
            Path.of("target", "system-logs"),
            name,
            InstancesChild.class,
            this::line,
            arguments.toArray(new String[0])));
  }

  void awaitReady() {
    processes.forEach(process -> process.await("READY"));
  }

  Map<String, Long> refusedAtMillis() {
    return refusedAtMillis;
  }

  /** When each let the key in again. */
  Map<String, Long> allowedAtMillis() {
    return allowedAtMillis;
  }

  int marked() {
    return marked.size();
  }

  /** What all of them answer now, process by process. */
  List<String> check() {
    return processes.stream().map(process -> process.ask("CHECK", "CHECKED")).toList();
  }

  /** SIGKILL. */
  @Override
  public void close() {
    processes.forEach(Child::kill9);
    processes.clear();
  }

  private void line(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("REFUSED")) {
      refusedAtMillis.putIfAbsent(words[1], Long.parseLong(words[2]));
    } else if (words[0].equals("ALLOWED")) {
      allowedAtMillis.putIfAbsent(words[1], Long.parseLong(words[2]));
    } else if (words[0].equals("MARKED")) {
      marked.add(words[1]);
    }
  }
}
