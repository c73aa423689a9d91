#!/usr/bin/env python3
"""Reads the TensorBoard event files of a directory with TensorBoard's own reader.

    python3 -m venv /tmp/tensorboard && /tmp/tensorboard/bin/pip install tensorboard
    /tmp/tensorboard/bin/python scripts/check_tensorboard.py RUN_DIRECTORY

Prints each tag with the number of its points and the first and last of them. Exits with 1 when there is no
event file, no scalar in it, or a record that TensorBoard cannot read.
"""
import os
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_tensorboard.py DIRECTORY")
    directory = sys.argv[1]
    try:
        from tensorboard.backend.event_processing import event_accumulator, event_file_loader
    except ImportError:
        sys.exit("the package 'tensorboard' is missing: pip install tensorboard")

    names = sorted(name for name in os.listdir(directory) if "tfevents" in name) if os.path.isdir(directory) else []
    if not names:
        sys.exit(f"'{directory}' has no event files")
    for name in names:
        path = os.path.join(directory, name)
        try:
            events = list(event_file_loader.EventFileLoader(path).Load())
        except Exception as error:  # TensorBoard raises many kinds for damaged records
            sys.exit(f"'{name}' cannot be read: {error}")
        if not events or events[0].file_version != "brain.Event:2":
            sys.exit(f"'{name}' does not begin with the file version")
        # A damaged record ends the file for the loader without an error, so the lengths are added up as well.
        with open(path, "rb") as file:
            data = file.read()
        position = records = 0
        while position < len(data):
            position += 16 + int.from_bytes(data[position:position + 8], "little")
            records += 1
        if position != len(data) or records != len(events):
            sys.exit(f"'{name}': {len(events)} of {records} records can be read, or the last is cut off")
        print(f"{name}: {len(events)} events, {len(data)} bytes")

    everything = {kind: 0 for kind in (event_accumulator.SCALARS, event_accumulator.TENSORS)}
    accumulator = event_accumulator.EventAccumulator(directory, size_guidance=everything)
    accumulator.Reload()
    tags = accumulator.Tags()
    for tag in sorted(tags["scalars"]):
        points = accumulator.Scalars(tag)
        print(f"  {tag}: {len(points)} points, step {points[0].step} = {points[0].value:g}"
              f" to step {points[-1].step} = {points[-1].value:g}")
    # The loader turns old-style scalars into tensors of their own plug-in; what is left are texts.
    for tag in sorted(tags["tensors"]):
        points = accumulator.Tensors(tag)
        plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        if plugin == "scalars":
            last = points[-1]
            print(f"  {tag}: {len(points)} points, step {points[0].step} to step {last.step}"
                  f" = {last.tensor_proto.float_val[0]:g}")
        else:
            text = points[0].tensor_proto.string_val
            size = sum(len(part) for part in text)
            print(f"  {tag}: {len(points)} {plugin} summaries, the first of {size} bytes")
    if not any(accumulator.SummaryMetadata(tag).plugin_data.plugin_name == "scalars" for tag in tags["tensors"]) \
            and not tags["scalars"]:
        sys.exit("no scalars")


if __name__ == "__main__":
    main()
