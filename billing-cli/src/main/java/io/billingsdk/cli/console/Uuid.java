package io.billingsdk.cli.console;

import java.util.UUID;
import picocli.CommandLine.ITypeConverter;

/** Reads a UUID as it is written in full; Java would take shorter ones, which nobody meant. */
public final class Uuid implements ITypeConverter<UUID> {
  private static final String FORM = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

  /** For the parser. */
  public Uuid() {}

  @Override
  public UUID convert(String text) {
    if (!text.matches(FORM)) {
      throw new WrongValueException("a UUID, as 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11", text);
    }
    return UUID.fromString(text);
  }
}
