package io.billingsdk.documents.pdf;

import io.billingsdk.documents.DocumentException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * How the documents of a seller look: a style that is added to the standard one, a logo, and texts
 * instead of the standard ones. Immutable. A template has no code: one that a seller sends cannot
 * run anything.
 */
public final class PaperTemplate {
  /** The standard look. */
  public static final PaperTemplate PLAIN = new PaperTemplate("", null, Map.of());

  private static final int MOST_BYTES = 1 << 20;
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  private final String style;
  private final byte @Nullable [] logo;
  private final Map<String, Map<String, String>> texts;

  private PaperTemplate(
      String style, byte @Nullable [] logo, Map<String, Map<String, String>> texts) {
    this.style = style;
    this.logo = logo;
    this.texts = texts;
  }

  /**
   * Reads a folder: {@code style.css}, {@code logo.png} or {@code logo.jpg}, and {@code
   * texts_en.properties}, {@code texts_de.properties}, {@code texts_zh-CN.properties}. Each may be
   * absent.
   */
  public static PaperTemplate read(Path folder) {
    Map<String, Map<String, String>> texts = new HashMap<>();
    for (PaperLanguage language : PaperLanguage.values()) {
      texts.put(language.tag(), texts(folder, language));
    }
    byte[] style = bytes(folder.resolve("style.css")).orElse(new byte[0]);
    return new PaperTemplate(new String(style, StandardCharsets.UTF_8), logo(folder), texts);
  }

  private static byte @Nullable [] logo(Path folder) {
    Path png = folder.resolve("logo.png");
    Path jpeg = folder.resolve("logo.jpg");
    Optional<byte[]> logo = bytes(png);
    if (logo.isPresent()) {
      return checked(png, logo.get(), PNG);
    }
    return bytes(jpeg).map(found -> checked(jpeg, found, JPEG)).orElse(null);
  }

  private static byte[] checked(Path file, byte[] bytes, byte[] start) {
    for (int i = 0; i < start.length; i++) {
      if (bytes.length <= i || bytes[i] != start[i]) {
        throw new DocumentException(
            file + " is no picture of the kind that its name says; replace or remove the file");
      }
    }
    try {
      if (ImageIO.read(new ByteArrayInputStream(bytes)) != null) {
        return bytes;
      }
    } catch (IOException | RuntimeException broken) {
      throw new DocumentException(file + " is broken; replace or remove the file", broken);
    }
    throw new DocumentException(file + " is broken; replace or remove the file");
  }

  private static Optional<byte[]> bytes(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new DocumentException(
            file + " has " + Files.size(file) + " bytes, expected at most " + MOST_BYTES);
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new DocumentException("cannot read " + file, unreadable);
    }
  }

  private static Map<String, String> texts(Path folder, PaperLanguage language) {
    Path file = folder.resolve("texts_" + language.tag() + ".properties");
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException malformed) {
      throw new DocumentException(
          file + " cannot be read, expected lines key=text in UTF-8", malformed);
    }
    Map<String, String> texts = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (!PaperTexts.isKey(key)) {
        throw new DocumentException(
            file + " has the key " + key + ", expected one of " + PaperTexts.keys());
      }
      texts.put(key, properties.getProperty(key));
    }
    return Map.copyOf(texts);
  }

  String style() {
    return style;
  }

  Optional<byte[]> logo() {
    return Optional.ofNullable(logo);
  }

  Map<String, String> texts(PaperLanguage language) {
    return texts.getOrDefault(language.tag(), Map.of());
  }
}
