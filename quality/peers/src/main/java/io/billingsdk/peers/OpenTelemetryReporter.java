package io.billingsdk.peers;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;

/** OpenTelemetry's logs: a queue of 2,048 in memory, batches of 512 over OTLP. */
final class OpenTelemetryReporter implements Reporter {
  private static final AttributeKey<String> ID = AttributeKey.stringKey("id");
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("key");
  private static final AttributeKey<String> MODULE = AttributeKey.stringKey("module");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("model");
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");
  private static final AttributeKey<String> TENANT = AttributeKey.stringKey("tenant");

  private final SdkLoggerProvider provider;
  private final Logger logger;

  OpenTelemetryReporter(Target target) {
    provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(
                BatchLogRecordProcessor.builder(
                        OtlpHttpLogRecordExporter.builder()
                            .setEndpoint(target.url() + "/v1/logs")
                            .build())
                    .build())
            .build();
    logger = provider.get("usage");
  }

  @Override
  public boolean report(String id) {
    logger
        .logRecordBuilder()
        .setBody("usage")
        .setAttribute(ID, id)
        .setAttribute(KEY, Sample.KEY)
        .setAttribute(MODULE, Sample.MODULE)
        .setAttribute(MODEL, Sample.MODEL)
        .setAttribute(TOKENS, (long) Sample.TOKENS)
        .setAttribute(TENANT, "t-17")
        .emit();
    return true;
  }

  @Override
  public void close() {
    provider.close();
  }
}
