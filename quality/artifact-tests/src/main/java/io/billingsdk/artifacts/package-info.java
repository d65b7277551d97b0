/** The demands on the artifacts of a release, as rules over files. Never published. */
@NullMarked
package io.billingsdk.artifacts;

import org.jspecify.annotations.NullMarked;
