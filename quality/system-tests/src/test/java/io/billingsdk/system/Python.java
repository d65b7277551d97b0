package io.billingsdk.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Python interpreter of this machine, and the service on the wire of the Python SDK. */
record Python(String interpreter, String paho) {
  private static final Path SCRIPT = Path.of("src/test/python/v1_service.py").toAbsolutePath();
  private static final Path LOGS = Path.of("target", "system-logs");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The first that has paho-mqtt; else one without; else nothing. */
  static Optional<Python> find() throws Exception {
    Optional<Python> without = Optional.empty();
    // Debian's python3-paho-mqtt is for Debian's Python alone, which may not be the first one.
    for (String each : List.of("python3", "/usr/bin/python3")) {
      Optional<String> version = version(each);
      if (version.isPresent() && !version.get().equals("absent")) {
        return Optional.of(new Python(each, version.get()));
      }
      without = without.or(() -> version.map(absent -> new Python(each, absent)));
    }
    return without;
  }

  boolean hasPaho() {
    return !paho.equals("absent");
  }

  /** Starts a service; its settings go to its stdin, since a process list shows arguments. */
  Child service(String name, Map<String, ?> settings) throws IOException {
    Child service = Child.start(LOGS, name, line -> {}, List.of(interpreter, SCRIPT.toString()));
    service.tell(JSON.writeValueAsString(settings));
    return service;
  }

  private static Optional<String> version(String interpreter) throws Exception {
    try {
      Process asked =
          new ProcessBuilder(interpreter, SCRIPT.toString(), "--version")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = asked.waitFor(30, TimeUnit.SECONDS);
      return ended && asked.exitValue() == 0 ? Optional.of(said.strip()) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }
}
