package io.billingsdk.documents.pdf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ICC profile (version 2.1) of sRGB, which PDF/A wants inside. It is made here: the one of the
 * JDK changes with its version, and so would the bytes of documents.
 */
final class SrgbProfile {
  private static final int HEADER = 128;

  /** XYZ of the D50 white, and of the primaries adapted to it, as s15Fixed16. */
  private static final int[] WHITE = {0xF6D6, 0x10000, 0xD32D};

  private static final int[] RED = {0x6FA2, 0x38F5, 0x0390};
  private static final int[] GREEN = {0x6299, 0xB785, 0x18DA};
  private static final int[] BLUE = {0x24A0, 0x0F84, 0xB6CF};

  /** 2.2, as u8Fixed8. */
  private static final int GAMMA = 0x0233;

  private SrgbProfile() {}

  static byte[] bytes() {
    Map<String, byte[]> tags = new LinkedHashMap<>();
    tags.put("desc", description());
    tags.put("cprt", text("text", "Public domain\0"));
    tags.put("wtpt", xyz(WHITE));
    tags.put("rXYZ", xyz(RED));
    tags.put("gXYZ", xyz(GREEN));
    tags.put("bXYZ", xyz(BLUE));
    tags.put("rTRC", curve());
    tags.put("gTRC", curve());
    tags.put("bTRC", curve());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteBuffer table = ByteBuffer.allocate(4 + 12 * tags.size()).putInt(tags.size());
    int start = HEADER + table.capacity();
    tags.forEach(
        (name, tag) -> {
          table.put(ascii(name)).putInt(start + data.size()).putInt(tag.length);
          data.writeBytes(tag);
          data.writeBytes(new byte[-data.size() & 3]);
        });
    ByteBuffer profile = ByteBuffer.allocate(start + data.size());
    header(profile);
    return profile.put(table.array()).put(data.toByteArray()).array();
  }

  private static void header(ByteBuffer profile) {
    profile.putInt(profile.capacity()).putInt(0).putInt(0x02100000);
    profile.put(ascii("mntrRGB XYZ "));
    // The date of the profile: a fixed one.
    for (int part : new int[] {2026, 1, 1, 0, 0, 0}) {
      profile.putShort((short) part);
    }
    profile.put(ascii("acsp")).position(68);
    for (int part : WHITE) {
      profile.putInt(part);
    }
    profile.position(HEADER);
  }

  private static byte[] description() {
    byte[] name = ascii("sRGB\0");
    return ByteBuffer.allocate(12 + name.length + 8 + 70)
        .put(ascii("desc"))
        .putInt(0)
        .putInt(name.length)
        .put(name)
        .array();
  }

  private static byte[] text(String type, String text) {
    return ByteBuffer.allocate(8 + text.length())
        .put(ascii(type))
        .putInt(0)
        .put(ascii(text))
        .array();
  }

  private static byte[] xyz(int[] values) {
    ByteBuffer tag = ByteBuffer.allocate(20).put(ascii("XYZ ")).putInt(0);
    for (int value : values) {
      tag.putInt(value);
    }
    return tag.array();
  }

  private static byte[] curve() {
    return ByteBuffer.allocate(14)
        .put(ascii("curv"))
        .putInt(0)
        .putInt(1)
        .putShort((short) GAMMA)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
