/**
 * For the authors of billing-sdk and of billing systems: the codec of the wire protocol.
 *
 * <p>These types are public because the receiving side shares them. They follow the protocol, not
 * the rules of the API: a new version of the protocol may change them.
 */
@NullMarked
package io.billingsdk.protocol;

import org.jspecify.annotations.NullMarked;
