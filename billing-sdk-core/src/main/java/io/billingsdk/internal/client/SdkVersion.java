package io.billingsdk.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * The release of this library, from a resource that its build has written: a manifest does not
 * survive when a host packs everything into one jar, and there is none beside compiled classes.
 */
final class SdkVersion {
  private static final String RESOURCE = "sdk.properties";
  private static final String UNKNOWN = "unknown";

  /** As {@code 1.2.3}. */
  static final String CURRENT = read();

  private SdkVersion() {}

  private static String read() {
    try (InputStream resource = SdkVersion.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        return UNKNOWN; // Left out by a host's packing.
      }
      Properties properties = new Properties();
      properties.load(resource);
      String version = properties.getProperty("version", "");
      // Not written when a build other than ours compiled it.
      return version.isBlank() || version.contains("$") ? UNKNOWN : version;
    } catch (IOException | IllegalArgumentException unreadable) {
      return UNKNOWN;
    }
  }
}
