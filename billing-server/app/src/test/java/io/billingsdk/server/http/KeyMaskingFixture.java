package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.NewKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** An HTTP API with one key, events with a key in the wrong place, and all tables. */
@Tag("postgres")
abstract class KeyMaskingFixture {
  static final List<String> NAMES =
      List.of(
          "api_key",
          "apiKey",
          "apikey",
          "API-KEY",
          "x-api-key",
          "key",
          "keyId",
          "key_id",
          "keySha256",
          "key_sha256",
          "secret",
          "token",
          "password",
          "authorization",
          "credential",
          "module",
          "model",
          "usage",
          "occurredAt",
          "ts",
          "timestamp",
          "metadata",
          "idempotencyKey",
          "idempotency_key",
          "stream",
          "seq",
          "app_id",
          "instance",
          "user",
          "note",
          "data");

  @TempDir Path directory;

  HttpTestbed http;
  NewKey key;
  String secret;
  final StringBuilder answers = new StringBuilder();

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    key = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    secret = key.text().substring(key.text().indexOf(key.keyId()) + key.keyId().length() + 1);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    text.chars().forEach(c -> encoded.append(String.format("%%%02X", c)));
    return encoded.toString();
  }

  static String escaped(String text) {
    StringBuilder encoded = new StringBuilder();
    text.chars().forEach(c -> encoded.append(String.format("\\u%04x", c)));
    return encoded.toString();
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What none of them may leave behind. */
  List<String> needles() {
    return List.of(
        secret,
        percent(secret),
        escaped(secret),
        HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII)),
        base64("user:" + key.text()).substring(30, 60),
        base64(key.text()).substring(30, 60));
  }

  String event(boolean wire, String name, String value) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(wire ? "key_id" : "keyId", "\"" + key.keyId() + "\"");
    fields.put("module", "\"m\"");
    fields.put("model", "\"n\"");
    fields.put("usage", "1");
    if (wire) {
      fields.put("ts", String.valueOf(System.currentTimeMillis()));
    }
    fields.put(name, value);
    List<String> parts = new ArrayList<>();
    fields.forEach((field, json) -> parts.add("\"" + field + "\":" + json));
    return "{" + String.join(",", parts) + "}";
  }

  void post(String path, String type, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", type));
    all.addAll(List.of(headers));
    Reply reply = http.send("POST", path, http.writeToken(), body, all.toArray(String[]::new));
    assertThat(reply.status()).as(reply.body()).isLessThan(500);
    answers.append(reply.body()).append('\n');
  }

  static String[] headers(String name, String value) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce-specversion", "1.0");
    headers.put("ce-source", "/s");
    headers.put("ce-id", "1");
    headers.put("ce-type", "u");
    headers.put(name, value);
    List<String> all = new ArrayList<>();
    headers.forEach((header, text) -> all.addAll(List.of(header, text)));
    return all.toArray(String[]::new);
  }

  long found(String text) {
    return needles().stream().filter(text::contains).count();
  }

  List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    http.database()
        .call(
            connection -> {
              try (var query =
                      connection.prepareStatement(
                          "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON"
                              + " n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND"
                              + " n.nspname = current_schema()");
                  var found = query.executeQuery()) {
                while (found.next()) {
                  tables.add(found.getString(1));
                }
                return true;
              }
            });
    return tables;
  }
}
