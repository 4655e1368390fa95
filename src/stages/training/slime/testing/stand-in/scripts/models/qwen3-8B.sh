MODEL_ARGS=(--num-layers 36 --moe-layer-freq [0]*1+[1]*45)
