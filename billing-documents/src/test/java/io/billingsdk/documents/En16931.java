package io.billingsdk.documents;

import com.helger.diver.api.coord.DVRCoordinate;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.IValidationExecutorSet;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.result.ValidationResultList;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import com.helger.xml.serialize.read.DOMReader;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The rules of EN 16931 by phive: schema and Schematron. */
final class En16931 {
  private static final ValidationExecutorSetRegistry<IValidationSourceXML> RULES =
      new ValidationExecutorSetRegistry<>();

  static {
    EN16931Validation.initEN16931(RULES);
  }

  private En16931() {}

  /** The faults of a document, as codes and texts; empty if it is valid. */
  static List<String> faults(byte[] xml) {
    String text = new String(xml, java.nio.charset.StandardCharsets.UTF_8);
    DVRCoordinate id =
        text.contains("<CreditNote ")
            ? EN16931Validation.VID_UBL_CREDIT_NOTE_1316
            : text.contains("<Invoice ")
                ? EN16931Validation.VID_UBL_INVOICE_1316
                : EN16931Validation.VID_CII_1316;
    IValidationExecutorSet<IValidationSourceXML> rules =
        Objects.requireNonNull(RULES.getOfID(id), "rules");
    var document = DOMReader.readXMLDOM(xml);
    if (document == null) {
      return List.of("no XML");
    }
    ValidationResultList results =
        ValidationExecutionManager.executeValidation(
            IValidityDeterminator.createDefault(),
            rules,
            ValidationSourceXML.create("document", document),
            Locale.ROOT);
    return StreamSupport.stream(results.getAllErrors().spliterator(), false)
        .map(error -> error.getErrorID() + " " + error.getErrorText(Locale.ROOT))
        .toList();
  }
}
