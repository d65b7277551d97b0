/**
 * For programs that run an MQTT broker inside a JVM: the demo, the tests, and the billing server.
 *
 * <p>{@link io.billingsdk.broker.CertificateAuthority} makes the certificates, {@link
 * io.billingsdk.broker.EmbeddedBroker} the broker. Nothing here is needed to report usage with the
 * SDK.
 */
@NullMarked
package io.billingsdk.broker;

import org.jspecify.annotations.NullMarked;
