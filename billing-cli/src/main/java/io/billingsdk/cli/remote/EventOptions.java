package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.WrongValueException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One event, said by options. The server holds it against the bounds. */
final class EventOptions {
  private static final String KEY_VARIABLE = "BILLING_API_KEY";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--key-id", paramLabel = "KEY_ID", description = "the key that was used")
  private @Nullable String keyId;

  @Option(names = "--key-sha256", paramLabel = "HEX", description = "the same by a key's hash")
  private @Nullable String keySha256;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "the same by the key itself; default: the variable " + KEY_VARIABLE)
  private @Nullable Path apiKeyFile;

  @Option(names = "--module", paramLabel = "NAME", description = "the kind of service: llm")
  private @Nullable String module;

  @Option(names = "--model", paramLabel = "NAME", description = "which of it: gpt-4")
  private @Nullable String model;

  @Option(
      names = "--usage",
      paramLabel = "AMOUNT",
      converter = Amount.class,
      description = "how much: 150, 12.5")
  private @Nullable BigDecimal usage;

  @Option(
      names = "--quantity",
      paramLabel = "NAME=AMOUNT",
      converter = QuantityForm.class,
      description = "another quantity of it: input_tokens=812; repeatable")
  private List<String> quantities = List.of();

  @Option(names = "--subject", paramLabel = "NAME", description = "the end user who used it")
  private @Nullable String subject;

  @Option(names = "--session", paramLabel = "NAME", description = "the session of the end user")
  private @Nullable String session;

  @Option(
      names = "--execution",
      paramLabel = "NAME",
      description = "the execution in the application")
  private @Nullable String execution;

  @Option(
      names = "--metadata",
      paramLabel = "NAME=TEXT",
      converter = NameText.NameForm.class,
      description = "metadata, which usage can be summed up by; repeatable")
  private List<String> metadata = List.of();

  @Option(
      names = "--occurred-at",
      paramLabel = "TIME",
      description = "2027-01-31T00:00:00Z; default: now")
  private @Nullable String occurredAt;

  /** Holds one against its form, and writes its amount out. */
  static final class QuantityForm implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new WrongValueException("NAME=AMOUNT, as input_tokens=812", text);
      }
      return text.substring(0, equals + 1)
          + new Amount().convert(text.substring(equals + 1)).toPlainString();
    }
  }

  /** Whether any was given. */
  boolean isGiven() {
    return !metadata.isEmpty()
        || !quantities.isEmpty()
        || Stream.of(keyId, keySha256, apiKeyFile, module, model, usage, occurredAt)
            .anyMatch(each -> each != null)
        || Stream.of(subject, session, execution).anyMatch(each -> each != null);
  }

  /** The event as a line of JSON. */
  byte[] line(String idempotencyKey) {
    ObjectNode event = BillingHttp.JSON.createObjectNode();
    putKey(event);
    event.put("module", required("--module", module));
    event.put("model", required("--model", model));
    // As a text: a JSON number would be a double on the way.
    event.put("usage", required("--usage", usage).toPlainString());
    put(event, "occurredAt", occurredAt);
    put(event, "subject", subject);
    put(event, "session", session);
    put(event, "execution", execution);
    event.put("idempotencyKey", idempotencyKey);
    if (!quantities.isEmpty()) {
      ObjectNode amounts = event.putObject("quantities");
      NameText.map(quantities).forEach(amounts::put);
    }
    if (!metadata.isEmpty()) {
      ObjectNode fields = event.putObject("metadata");
      NameText.map(metadata).forEach(fields::put);
    }
    return (event + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void putKey(ObjectNode event) {
    put(event, "keyId", keyId);
    put(event, "keySha256", keySha256);
    if (apiKeyFile != null || event.isEmpty()) {
      String key = PasswordFile.read(apiKeyFile, KEY_VARIABLE).trim();
      put(event, "apiKey", key.isEmpty() ? null : key);
    }
    if (event.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "give one of --key-id, --key-sha256, --api-key-file and the variable " + KEY_VARIABLE);
    }
  }

  private static void put(ObjectNode event, String name, @Nullable String value) {
    if (value != null) {
      event.put(name, value);
    }
  }

  private <T> T required(String option, @Nullable T value) {
    if (value == null) {
      throw new ParameterException(
          spec.commandLine(),
          option + " is needed for an event; or give a file with lines of JSON, or - for stdin");
    }
    return value;
  }
}
