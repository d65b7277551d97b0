package io.billingsdk.documents;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Writes elements by their prefixed names. For one thread and one document. */
final class XmlWriter {
  /** Of the JDK: another on the class path would write other bytes. */
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final XMLStreamWriter xml;

  /** Writes a part of a document. */
  @FunctionalInterface
  interface Content {
    void write();
  }

  XmlWriter() {
    try {
      xml = FACTORY.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The whole document; {@code namespaces} by their prefixes, in their order. */
  byte[] document(String root, Map<String, String> namespaces, Content content) {
    try {
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement(root);
      for (Map.Entry<String, String> each : namespaces.entrySet()) {
        if (each.getKey().isEmpty()) {
          xml.writeDefaultNamespace(each.getValue());
        } else {
          xml.writeNamespace(each.getKey(), each.getValue());
        }
      }
      content.write();
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  void element(String name, Content content) {
    try {
      xml.writeStartElement(name);
      content.write();
      xml.writeEndElement();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** An element with a text and attributes, as name and value in turn. Null writes nothing. */
  void text(String name, @Nullable String text, String... attributes) {
    if (text == null) {
      return;
    }
    try {
      xml.writeStartElement(name);
      for (int i = 0; i < attributes.length; i += 2) {
        xml.writeAttribute(attributes[i], attributes[i + 1]);
      }
      xml.writeCharacters(checked(name, text));
      xml.writeEndElement();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void decimal(String name, BigDecimal decimal, String... attributes) {
    text(name, decimal.toPlainString(), attributes);
  }

  /** A character that XML 1.0 cannot have would make a file that no parser reads. */
  private static String checked(String name, String text) {
    text.codePoints()
        .filter(point -> !isAllowed(point))
        .findFirst()
        .ifPresent(
            point -> {
              throw new DocumentException(
                  "the text of %s has the character U+%04X, which XML cannot have; remove it from the name or the address"
                      .formatted(name, point));
            });
    return text;
  }

  private static boolean isAllowed(int point) {
    boolean isSpace = point == '\t' || point == '\n' || point == '\r';
    boolean isSurrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    return isSpace || (point >= ' ' && !isSurrogate && point != 0xFFFE && point != 0xFFFF);
  }
}
