/**
 * For readers of the examples: messages and stubs of the example gateway, generated from its .proto
 * file.
 */
@NullMarked
package io.billingsdk.examples.api;

import org.jspecify.annotations.NullMarked;
