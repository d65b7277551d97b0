package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.testbed.FaultProxy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One running server for the commands that work over HTTP. */
@Tag("postgres")
@Timeout(180)
abstract class RemoteCommandsFixture {
  @TempDir static Path directory;

  static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static String event(String module, String model, BigDecimal usage) {
    return "{\"keyId\":\"%s\",\"module\":\"%s\",\"model\":\"%s\",\"usage\":\"%s\"}"
        .formatted(server.key().keyId(), module, model, usage.toPlainString());
  }

  static Path file(String name, List<String> lines) throws IOException {
    return Files.write(directory.resolve(name), lines);
  }

  static JsonNode json(String text) throws IOException {
    return JsonMapper.builder().build().readTree(text);
  }

  CommandRun send(List<String> event, String... more) {
    List<String> all = new ArrayList<>(event);
    all.addAll(List.of(more));
    return server.send(all.toArray(String[]::new));
  }

  static byte[] lines(String module, int number) {
    String line = event(module, "m", BigDecimal.ONE) + "\n";
    return line.repeat(number).getBytes(StandardCharsets.UTF_8);
  }

  static List<String> remote(FaultProxy proxy, String token, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", "https://localhost:" + proxy.port()));
    all.addAll(List.of("--ca", server.ca().toString()));
    all.addAll(List.of("--token-file", server.token(token).toString()));
    return all;
  }
}
